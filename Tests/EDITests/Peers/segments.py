"""Prints what another parser reads of EDI files, one line an EDI segment: file number, tag, elements, tab between.

segments.py pyx12|pydifact < list of paths. A file that the parser refuses gives one line with `!` for the tag. In an element, components
are joined by U+001F; empty elements and components at the end are left out. Exit 3: the parser is not installed.
"""
import io
import logging
import sys
import warnings

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")


def joined(components):
    while components and not components[-1]:
        components = components[:-1]
    return "\x1f".join(components)


def pyx12_segments(path):
    import pyx12.x12file

    with open(path, encoding="latin-1", newline="") as file:
        text = file.read()
    for segment in pyx12.x12file.X12Reader(io.StringIO(text)):
        elements = [[part.get_value() for part in element.elements] for element in segment.elements]
        yield segment.get_seg_id(), [joined([value or "" for value in element]) for element in elements]


def pydifact_segments(path):
    from pydifact.parser import Parser

    with open(path, "rb") as file:
        text = file.read().decode("latin-1")
    for segment in Parser().parse(text):
        if segment.tag == "UNA":
            continue
        yield segment.tag, [joined(list(element) if isinstance(element, list) else [element]) for element in segment.elements]


def main():
    try:
        reader = {"pyx12": pyx12_segments, "pydifact": pydifact_segments}[sys.argv[1]]
        __import__(sys.argv[1])
    except ImportError:
        sys.exit(3)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass", newline="\n")
    for number, path in enumerate(sys.stdin.read().splitlines()):
        lines = []
        try:
            for tag, elements in reader(path):
                while elements and not elements[-1]:
                    elements = elements[:-1]
                lines.append("\t".join([str(number), tag, *elements]).replace("\n", "\\n").replace("\r", "\\r"))
        except Exception as error:  # a peer's refusals are of every kind
            lines = [f"{number}\t!\t{type(error).__name__}"]
        print("\n".join(lines))


main()

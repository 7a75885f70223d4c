"""Prints the 997 or 999 that pyx12 gives to EDI files, one EDI segment a line: file number, tab, EDI segment.

acks.py pyx12 < list of paths. A file that it refuses gives the line `refused: why`. Exit 3: the peer is not installed.

Two of its maps cannot be used as they are installed. It is given a copy of its folder of maps, in which
- maps.xml has the 830 under ISA12 00401 instead of 00400: its reader takes 00401 and 00501 alone;
- positions differ where its other maps have different ones: of two children with one position it takes a loop for the first, so that an EDI segment that
  heads a loop is never found beside a loop with its position. In the 830 GS gets 010, ST 005, DETAIL 020, FOOTER 030 and SE 040; in the 841 the loop 2100
  gets 020, beside its HL with 010.
"""
import functools
import io
import logging
import pathlib
import shutil
import sys
import tempfile

logging.disable(logging.CRITICAL)


POSITIONS = {
    "830.4010.PS.xml": [
        ('<segment xid="GS">', "020", "010"), ('<segment xid="ST">', "010", "005"), ('<loop xid="DETAIL"', "010", "020"),
        ('<loop xid="FOOTER"', "010", "030"), ('<segment xid="SE">', "020", "040"),
    ],
    "841.4010.XXXC.xml": [('<loop xid="2100">', "010", "020")],
}


def corrected(target):
    from importlib.resources import files

    folder = pathlib.Path(target) / "map"
    shutil.copytree(str(files("pyx12") / "map"), folder)
    index = folder / "maps.xml"
    text = index.read_text()
    entry = '<map vriic="004010" fic="PS" abbr="830">830.4010.PS.xml</map>'
    assert entry in text and '<version icvn="00401">' in text
    index.write_text(text.replace(entry, "").replace('<version icvn="00401">', '<version icvn="00401">' + entry))
    for name, places in POSITIONS.items():
        text = (folder / name).read_text()
        for start, was, becomes in places:
            at = text.index(f"<pos>{was}</pos>", text.index(start))
            assert at - text.index(start) < 200
            text = text[:at] + f"<pos>{becomes}</pos>" + text[at + len(f"<pos>{was}</pos>"):]
        (folder / name).write_text(text)
    return str(folder)


def main():
    try:
        import pyx12.map_if
        import pyx12.params
        import pyx12.x12n_document
    except ImportError:
        sys.exit(3)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass", newline="\n")
    # Reading a map takes longer than judging a file; what is counted is kept elsewhere.
    pyx12.map_if.load_map_file = functools.cache(pyx12.map_if.load_map_file)
    param = pyx12.params.params()
    # Lists of codes that are not in the maps: both judge by what the maps say.
    param.set("exclude_external_codes", "states,country,currency,entity_id,remark_code,service_type,claim_status_cat,claim_status,pos")
    with tempfile.TemporaryDirectory() as target:
        folder = corrected(target)
        for number, path in enumerate(sys.stdin.read().splitlines()):
            answer = io.StringIO()
            try:
                pyx12.x12n_document.x12n_document(param, path, answer, None, map_path=folder)
                lines = answer.getvalue().splitlines() or ["refused: no answer"]
            except Exception as error:  # a peer's refusals are of every kind
                lines = [f"refused: {type(error).__name__}: {error}"]
            for line in lines:
                print(f"{number}\t{line.removesuffix('~')}")


main()

"""Prints what a peer finds wrong with EDI files, one line a finding: file number, tab, finding.

accepts.py pyx12|pydifact|mockedi < list of paths. No line for a file: the peer reads it without an error. Exit 3: the peer is not installed.
"""
import io
import logging
import sys
import warnings

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")


def text_of(path):
    with open(path, encoding="latin-1", newline="") as file:
        return file.read()


def pyx12_findings(path):
    import pyx12.x12file

    reader = pyx12.x12file.X12Reader(io.StringIO(text_of(path)))
    for _ in reader:
        pass
    reader.cleanup()
    for error in reader.pop_errors():
        yield " ".join(str(part) for part in error[:3])


def pydifact_findings(path):
    from pydifact.segmentcollection import Interchange

    interchange = Interchange.from_str(text_of(path))
    for message in interchange.get_messages():
        for _ in message.segments:
            pass
    yield from ()


def mockedi_findings(path):
    from mockedi import edifact, envelope, validate, x12

    text = text_of(path)
    dialect = x12 if envelope.sniff(text) == "X12" else edifact
    for part in dialect.split(text):
        report = validate.validate(dialect.parse(part))
        for _, note in report.envelope_errors:
            yield note
        for notes in report.group_errors.values():
            yield from (note for _, note in notes)
        yield from (str(finding) for finding in report.interchange_findings)
        yield from (f"{item.code}: {item.summary()}" for item in report.messages if item.known and not item.clean)


def main():
    peers = {"pyx12": pyx12_findings, "pydifact": pydifact_findings, "mockedi": mockedi_findings}
    try:
        findings = peers[sys.argv[1]]
        __import__(sys.argv[1])
    except ImportError:
        sys.exit(3)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass", newline="\n")
    for number, path in enumerate(sys.stdin.read().splitlines()):
        try:
            lines = list(findings(path))
        except Exception as error:  # a peer's refusals are of every kind
            lines = [f"{type(error).__name__}: {error}"]
        for line in lines:
            print(f"{number}\t{line}".replace("\n", " ").replace("\r", " "))


main()

"""Prints a map of pyx12 as a structure and a table of elements in the form of docs/mapping.md, so that both judge by the same facts.

maps.py pyx12 < map file names, one a line. Each gives the lines `number<tab>structure|elements<tab>line`. Exit 3: the peer is not installed.
"""
import sys
import xml.etree.ElementTree as ET

# Loops that only hold others: they have no EDI segment at their head.
WRAPPERS = {"HEADER", "DETAIL", "FOOTER", "TABLE2AREA3", "TABLE2AREA4", "TABLE3AREA1"}


def elements_of(segment):
    return [child for child in segment if child.tag in ("element", "composite")]


def codes_of(element):
    return [code.text for code in element.findall("valid_codes/code")]


def kind_of(element, dictionary):
    return dictionary.get(element.findtext("data_ele"), ("AN", "1", "80"))


def qualifier(segment, dictionary):
    """By which element pyx12 tells EDI segments of one tag apart: address and values; None where it does not."""
    own = elements_of(segment)
    first = own[0] if own else None
    if first is not None and first.tag == "element" and first.findtext("usage") == "R" and kind_of(first, dictionary)[0] == "ID" and codes_of(first):
        return "01", codes_of(first)
    if segment.get("xid") == "ENT" and len(own) > 1 and codes_of(own[1]):
        return "02", codes_of(own[1])
    if first is not None and first.tag == "composite":
        inner = elements_of(first)[0]
        if kind_of(inner, dictionary)[0] == "ID" and codes_of(inner):
            return "01-1", codes_of(inner)
    if segment.get("xid") == "HL" and len(own) > 2 and codes_of(own[2]):
        return "03", codes_of(own[2])
    return None


def uses(segment, mandatory, split):
    """What the map asks of elements beyond the table, and beyond what tells the EDI segment apart."""
    found = []
    for place, element in enumerate(elements_of(segment), 1):
        parts = [(f"{place:02}", element)]
        if element.tag == "composite" and element.findtext("usage") != "N":
            parts += [(f"{place:02}-{number}", inner) for number, inner in enumerate(elements_of(element), 1)]
        for address, part in parts:
            usage, codes = part.findtext("usage"), codes_of(part)
            text = address + (" X" if usage == "N" else " M" if usage == "R" and (segment.get("xid"), address) not in mandatory else "")
            if codes and usage != "N" and address != split:
                text += " = " + "|".join(dict.fromkeys(codes))
            if text != address:
                found.append(text)
    return " ; " + ", ".join(found) if found else ""


def children(loop):
    """Loops and EDI segments by their position, wrappers dissolved."""
    found = []
    for child in sorted((c for c in loop if c.tag in ("loop", "segment")), key=lambda c: int(c.findtext("pos"))):
        if child.tag == "loop" and (child.get("xid") in WRAPPERS or next((c.tag for c in child if c.tag in ("loop", "segment")), "") == "loop"):
            found += children(child)
        else:
            found.append(child)
    return found


def lines(loop, depth, dictionary, mandatory, skip):
    for child in children(loop)[skip:]:
        head = child if child.tag == "segment" else children(child)[0]
        if head.tag != "segment" or child.findtext("usage") == "N":
            continue
        if head.get("xid") in ("ST", "SE"):
            continue
        most = child.findtext("repeat") if child.tag == "loop" else child.findtext("max_use")
        text = f"{head.get('xid')} {'M' if child.findtext('usage') == 'R' else 'O'} {most or 1}"
        if child.tag == "loop":
            text += " loop"
        if split := qualifier(head, dictionary):
            text += f" where {split[0]} = {'|'.join(dict.fromkeys(split[1]))}"
        yield "  " * depth + text + uses(head, mandatory, split and split[0])
        if child.tag == "loop":
            yield from lines(child, depth + 1, dictionary, mandatory, 1)


def table(root, dictionary):
    """The elements of each tag: mandatory where they are so in each place of the map."""
    known, mandatory = {}, set()
    for segment in root.iter("segment"):
        tag, own = segment.get("xid"), elements_of(segment)
        entry = known.setdefault(tag, {"elements": [], "required": None, "notes": [], "count": set()})
        entry["count"].add(len(own))
        if len(own) > len(entry["elements"]):
            entry["elements"] = own
        required = {place for place, element in enumerate(own, 1) if element.findtext("usage") == "R"}
        entry["required"] = required if entry["required"] is None else entry["required"] & required
        for note in segment.findall("syntax"):
            if note.text not in entry["notes"]:
                entry["notes"].append(note.text)
    rows = []
    for tag, entry in sorted(known.items()):
        parts = []
        for place, element in enumerate(entry["elements"], 1):
            letter = "M" if place in entry["required"] else "O"
            if letter == "M":
                mandatory.add((tag, f"{place:02}"))
            number = element.findtext("data_ele") or "C000"
            kind, least, most = kind_of(element, dictionary)
            parts.append(f"{letter}{number} COMP" if element.tag == "composite" else f"{letter}{number} {kind} {least} {most}")
        # A map leaves out elements at the end that notes still name.
        notes = []
        for note in entry["notes"]:
            places = [note[at:at + 2] for at in range(1, len(note), 2) if int(note[at:at + 2]) <= len(parts)]
            if len(places) > 1 and places[0] == note[1:3]:
                notes.append(note[0] + "".join(places))
        rows.append(f"{tag} {', '.join(parts)}" + (f" ; {' '.join(notes)}" if notes else ""))
    return rows, mandatory


def main():
    try:
        from importlib.resources import files

        folder = files("pyx12") / "map"
    except ImportError:
        sys.exit(3)
    dictionary = {}
    for element in ET.fromstring((folder / "dataele.xml").read_text()).iter("data_ele"):
        kind = element.get("data_type")
        dictionary[element.get("ele_num")] = (kind, element.get("min_len"), element.get("max_len"))
    for number, path in enumerate(sys.stdin.read().split()):
        name = path.rpartition("/")[2]
        root = ET.fromstring((folder / name).read_text())
        rows, mandatory = table(root, dictionary)
        for row in rows:
            print(f"{number}\telements\t{row}")
        for row in lines(root.find("loop/loop/loop"), 0, dictionary, mandatory, 0):
            print(f"{number}\tstructure\t{row}")


main()

"""Holds the project's sample files against JSON Schemas: schemas.py FOLDER. Exit 1: a file does not pass. Exit 3: jsonschema or PyYAML is missing."""
import copy
import glob
import json
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    sys.exit(3)


class Loader(yaml.SafeLoader):
    """As editors read it: dates stay texts."""


Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

places = {
    "crossdock": ["crossdock.yaml"],
    "mappings": glob.glob("Mappings/**/*.yaml", recursive=True),
    "schemes": glob.glob("Schemes/**/*.yaml", recursive=True),
    "overrides": glob.glob("Overrides/**/*.yaml", recursive=True),
    "governance": ["Governance/governance.yaml"],
}
failed = checked = refused = 0
for name, files in places.items():
    with open(f"{sys.argv[1]}/{name}.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in files:
        with open(path, encoding="utf-8") as file:
            data = yaml.load(file, Loader)
        checked += 1
        for error in validator.iter_errors(data):
            failed += 1
            print(f"{path}: {list(error.absolute_path)}: {error.message[:300]}")
        wrong = copy.deepcopy(data)
        wrong["no such key"] = 1
        if validator.is_valid(wrong):
            failed += 1
            print(f"{path}: a key that there is not passes")
        else:
            refused += 1
print(f"{checked} files checked; a wrong key is refused in {refused}")
sys.exit(1 if failed else 0)

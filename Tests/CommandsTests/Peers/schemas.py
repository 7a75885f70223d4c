"""Holds the project's sample files against JSON Schemas: schemas.py FOLDER. Exit 1: a file does not pass. Exit 3: jsonschema or PyYAML is missing."""
import copy
import glob
import json
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    sys.exit(3)


class Loader(yaml.SafeLoader):
    """As editors read it, by YAML 1.2: dates and `on` are texts."""


Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in found if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), "tf")

def with_text_keys(data):
    if isinstance(data, dict):
        return {str(key).lower() if isinstance(key, bool) else str(key): with_text_keys(value) for key, value in data.items()}
    return [with_text_keys(item) for item in data] if isinstance(data, list) else data


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
            data = with_text_keys(yaml.load(file, Loader))
        checked += 1
        for error in validator.iter_errors(data):
            failed += 1
            deepest = jsonschema.exceptions.best_match([error])
            print(f"{path}: {list(deepest.absolute_path)}: {deepest.message[:300]}")
        wrong = copy.deepcopy(data)
        wrong["no such key"] = 1
        if validator.is_valid(wrong):
            failed += 1
            print(f"{path}: a key that there is not passes")
        else:
            refused += 1
print(f"{checked} files checked; a wrong key is refused in {refused}")
sys.exit(1 if failed else 0)

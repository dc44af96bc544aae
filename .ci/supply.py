"""Holds every crate's stated Rust version against ours, and the bill of materials against the schema of CycloneDX."""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

metadata, bill = (Path(argument).read_text(encoding="utf-8") for argument in sys.argv[1:3])


def version(text):
    return tuple(int(part) for part in (text.split(".") + ["0", "0"])[:3])


packages = json.loads(metadata)["packages"]
ours = next(package for package in packages if package["name"] == "cleanclaim")
stating = [package for package in packages if package["rust_version"]]
later = [
    f"{package['name']} {package['version']} wants {package['rust_version']}"
    for package in stating
    if version(package["rust_version"]) > version(ours["rust_version"])
]
if later:
    sys.exit(f"Rust {ours['rust_version']} is stated, and {'; '.join(later)}")
print(
    f"Rust {ours['rust_version']} is enough for the {len(stating)} crates that state a version; "
    f"{len(packages) - len(stating)} state none"
)

fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill)
if fault:
    sys.exit(f"the bill of materials is not CycloneDX 1.6: {fault}")
made = json.loads(bill)
required = sum(component["scope"] == "required" for component in made["components"])
unnamed = [
    component["name"] for component in made["components"] if not {"hashes", "licenses", "purl"} <= component.keys()
]
if unnamed:
    sys.exit(f"the bill of materials lacks hash or licence of {', '.join(unnamed)}")
print(f"bill of materials: {required} crates in the program, {len(made['components']) - required} while it is built; valid")

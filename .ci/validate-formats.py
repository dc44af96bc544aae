"""Reads the reports of `validate-formats` with other people's parsers, and holds their figures against each other."""

import csv
import json
import re
import sys
import xml.etree.ElementTree
from pathlib import Path

import cmarkgfm
import jsonschema
import junitparser
import xmlschema

out, sarif_schema, junit_xsd = (Path(argument) for argument in sys.argv[1:4])
names = sys.argv[4:]


def check(holds, what):
    if not holds:
        sys.exit(f"validate-formats: {what}")


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def against(schema, value, what):
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    for error in validator(schema).iter_errors(value):
        check(False, f"{what}: {error.json_path}: {error.message}")


def sarif(name, report):
    log = read_json(out / f"{name}.sarif")
    against(read_json(sarif_schema), log, f"{name}.sarif")
    results = log["runs"][0]["results"]
    check(len(results) == len(report["findings"]), f"{name}.sarif: {len(results)} results")
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    check(all(len(rule["properties"]["tags"]) <= 10 for rule in rules), f"{name}.sarif: more than ten tags")
    check(all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results), f"{name}.sarif: rules")
    for result in results:
        for location in result["locations"]:
            region = location["physicalLocation"].get("region", {})
            check("byteOffset" in region or region.get("startLine", 1) >= 1, f"{name}.sarif: {region}")


def junit(name, report):
    path = out / f"{name}.xml"
    xmlschema.XMLSchema(str(junit_xsd)).validate(str(path))
    suites = junitparser.JUnitXml.fromfile(str(path))
    cases = [case for suite in suites for case in suite]
    stated = tuple(int(xml.etree.ElementTree.parse(path).getroot().get(key)) for key in ("tests", "failures", "errors"))
    found = [result for case in cases for result in case.result]
    counted = (
        len(cases),
        sum(isinstance(result, junitparser.Failure) for result in found),
        sum(isinstance(result, junitparser.Error) for result in found),
    )
    check(stated == counted, f"{name}.xml: states {stated}, holds {counted}")
    claims = [case for case in cases if case.name.startswith("claim ")]
    check(len(claims) == sum(one["claims"] for one in report["inputs"]), f"{name}.xml: {len(claims)} claims")


def table(name, report):
    with open(out / f"{name}.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    check(len(rows) == len(report["findings"]), f"{name}.csv: {len(rows)} rows")
    for row, finding in zip(rows, report["findings"]):
        check(None not in row and None not in row.values(), f"{name}.csv: a row is not as wide as its head")
        check(row["code"] == finding["code"] and row["fingerprint"] == finding["fingerprint"], f"{name}.csv: order")
        cents = finding["impact"]["net_cents"]
        stated = None if row["net"] == "" else round(float(row["net"]) * 100)
        check(stated == cents, f"{name}.csv: {row['net']} is not {cents} cents")
        for key, cell in row.items():
            harmless = key in ("charge", "net", "gross") or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            check(harmless, f"{name}.csv: {key} is a formula")


def gitlab(name, report):
    violations = read_json(out / f"{name}.gitlab.json")
    check(len(violations) == len(report["findings"]), f"{name}.gitlab.json: {len(violations)} violations")
    for one in violations:
        check(set(one) == {"description", "check_name", "fingerprint", "severity", "location"}, f"{name}: {one}")
        check(one["severity"] in ("info", "minor", "major", "critical", "blocker"), f"{name}: {one['severity']}")
        check(isinstance(one["location"]["lines"]["begin"], int), f"{name}: {one['location']}")
    prints = [one["fingerprint"] for one in violations]
    check(len(set(prints)) == len(prints), f"{name}.gitlab.json: fingerprints come twice")


def github(name, report):
    lines = (out / f"{name}.github").read_text(encoding="utf-8").split("\n")
    check(lines.pop() == "", f"{name}.github: no line break at the end")
    # As the runner reads commands: a kind, properties, and data.
    command = re.compile(r"^::(error|warning|notice)( [a-z]+=[^,:\r\n]*(,[a-z]+=[^,:\r\n]*)*)?::[^\r\n]*$")
    for line in lines:
        check(command.match(line), f"{name}.github: {line}")
    check(len(lines) == len(report["findings"]) + 1, f"{name}.github: {len(lines)} commands")


def json_lines(name, report):
    lines = [json.loads(line) for line in (out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    closing = lines.pop()
    check(closing["type"] == "summary" and closing["summary"] == report["summary"], f"{name}.jsonl: the summary")
    found = [{key: value for key, value in line.items() if key != "type"} for line in lines]
    check(found == report["findings"], f"{name}.jsonl: the findings")


def markdown(name, report):
    text = (out / f"{name}.md").read_text(encoding="utf-8")
    check(len(text) < 65_536, f"{name}.md: {len(text)} characters")
    page = cmarkgfm.github_flavored_markdown_to_html(text)
    check(page.count("<details>") == page.count("</details>"), f"{name}.md: an open block")
    for column in ("at_risk", "recoupment", "delayed", "unbilled"):
        cents = report["summary"][column]["net_cents"]
        check(cents == 0 or f"${cents // 100:,}.{cents % 100:02}" in page, f"{name}.md: {column} is not told")


schema = read_json(out / "report.schema.json")
for name in names:
    report = read_json(out / f"{name}.json")
    against(schema, report, f"{name}.json")
    for hold in (sarif, junit, table, gitlab, github, json_lines, markdown):
        hold(name, report)

print(f"SARIF: {len(names)} logs are valid by the schema, a result for each finding")
print(f"JUnit: {len(names)} documents are valid by the XSD of Jenkins and hold the cases they state")
print(f"JSON: {len(names)} reports are valid by `rules schema report`; JSON Lines hold the same objects")
print(f"CSV, GitLab, GitHub, Markdown: {len(names)} of each are read as they should be")

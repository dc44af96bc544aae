#!/usr/bin/env bash
# What the GitHub Action runs: one check, its annotations on standard output, its summary in the job's summary.
set -uo pipefail

cleanclaim="${INPUT_BINARY:-$RUNNER_TEMP/cleanclaim/bin/cleanclaim}"
reports="$RUNNER_TEMP/cleanclaim-reports"
mkdir -p "$reports"
# The reports of an earlier step must not be taken for those of this one.
rm -f "$reports"/report.{txt,json,sarif} "$reports/summary.md"

# The lines that hold anything become arguments. Written for bash 3.2, which macOS has.
paths=()
while IFS= read -r line; do
  line="${line%$'\r'}"
  if [ -n "${line//[[:space:]]/}" ]; then paths+=("$line"); fi
done <<<"${INPUT_PATHS:-}"
more=()
while IFS= read -r line; do
  line="${line%$'\r'}"
  if [ -n "${line//[[:space:]]/}" ]; then more+=("$line"); fi
done <<<"${INPUT_ARGS:-}"

if [ "${#paths[@]}" -eq 0 ]; then
  echo "::error title=cleanclaim::the input \`paths\` names nothing to check"
  echo "exit-code=2" >>"$GITHUB_OUTPUT"
  exit 2
fi
arguments=(
  --output github
  --output "text=$reports/report.txt"
  --output "json=$reports/report.json"
  --output "sarif=$reports/report.sarif"
  --output "markdown=$reports/summary.md"
)
if [ -n "${INPUT_FAIL_ON:-}" ]; then arguments+=(--fail-on "$INPUT_FAIL_ON"); fi
if [ -n "${INPUT_MAX_AT_RISK:-}" ]; then arguments+=(--max-at-risk "$INPUT_MAX_AT_RISK"); fi

"$cleanclaim" check "${arguments[@]}" ${more[@]+"${more[@]}"} -- "${paths[@]}"
code=$?

if [ -f "$reports/report.txt" ]; then
  # Claims say what they like: between these marks nothing is taken for a command of the runner.
  token="cleanclaim-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "::group::The findings as text"
  echo "::stop-commands::$token"
  cat "$reports/report.txt"
  echo "::$token::"
  echo "::endgroup::"
fi
if [ -f "$reports/summary.md" ]; then cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
{
  echo "exit-code=$code"
  if [ -f "$reports/report.json" ]; then echo "json=$reports/report.json"; fi
  if [ -f "$reports/report.sarif" ]; then echo "sarif=$reports/report.sarif"; fi
  if [ -f "$reports/summary.md" ]; then echo "summary=$reports/summary.md"; fi
} >>"$GITHUB_OUTPUT"
exit "$code"

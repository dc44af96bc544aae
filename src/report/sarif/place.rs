//! Places: files as URIs, regions of them, and the claim and line that a person looks for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::claim::Span;
use crate::finding::{Finding, LineBreaks, Place, Related, Run};
use crate::report::locate::{file_name, line_breaks};

const IN_PATHS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What relative paths are relative to.
const BASE: &str = "%SRCROOT%";

pub(super) fn bases() -> Value {
    json!({BASE: {"description": {"text": "The folder that cleanclaim ran in."}}})
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

impl ArtifactLocation {
    /// The file with this index in the run.
    pub(super) fn of(run: &Run, file: u32) -> ArtifactLocation {
        ArtifactLocation::named(&file_name(&run.files, file))
    }

    pub(super) fn named(name: &str) -> ArtifactLocation {
        let name = name.replace('\\', "/");
        let encoded = |path: &str| utf8_percent_encode(path, IN_PATHS).to_string();
        if let Some(absolute) = name.strip_prefix('/') {
            return ArtifactLocation { uri: format!("file:///{}", encoded(absolute)), uri_base_id: None };
        }
        let relative = name.strip_prefix("./").unwrap_or(&name);
        ArtifactLocation { uri: encoded(relative), uri_base_id: Some(BASE) }
    }
}

/// A stretch of a file: by line, by byte, or by both where they are known to mean the same.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    char_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    char_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_length: Option<u32>,
}

impl Region {
    /// The place for a person: its whole line where lines are known, since of a line's characters only its bytes are.
    pub(super) fn of(run: &Run, file: u32, place: &Place) -> Option<Region> {
        match line_breaks(run, file) {
            LineBreaks::Counted => {
                let line = (place.number > 0).then_some(place.number)?;
                Some(Region { start_line: Some(line), ..Region::default() })
            }
            LineBreaks::Absent | LineBreaks::Elsewhere => Some(Region::exactly(run, file, place.span)),
        }
    }

    /// The bytes of a span, no more and no less.
    pub(super) fn exactly(run: &Run, file: u32, span: Span) -> Region {
        let (offset, length) = (span.offset, span.length);
        let bytes = Region { byte_offset: Some(offset), byte_length: Some(length), ..Region::default() };
        if line_breaks(run, file) != LineBreaks::Absent {
            return bytes;
        }
        // One line of ASCII: a byte is a character and a column.
        Region {
            start_line: Some(1),
            start_column: Some(offset + 1),
            end_column: Some(offset + 1 + u64::from(length)),
            char_offset: Some(offset),
            char_length: Some(length),
            ..bytes
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Value>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    properties: Value,
}

impl Location {
    /// Where a masked finding stands.
    pub(super) fn of_finding(run: &Run, finding: &Finding) -> Location {
        Location::new(run, finding.file, (finding.claim, finding.line), &finding.place)
    }

    /// A second place of a masked finding, the `id`th of them.
    pub(super) fn of_related(run: &Run, related: &Related, id: usize) -> Location {
        let text = if related.text.is_empty() { "also" } else { &related.text };
        Location {
            id: Some(id),
            message: Some(json!({"text": text})),
            ..Location::new(run, related.file, (related.claim, related.line), &related.place)
        }
    }

    fn new(run: &Run, file: u32, (claim, line): (u32, u16), place: &Place) -> Location {
        let artifact_location = ArtifactLocation::of(run, file);
        let mut logical_locations = Vec::new();
        if claim > 0 {
            let (name, kind, path) = match line {
                0 => (format!("claim {claim}"), "claim", format!("claim/{claim}")),
                line => (format!("line {line}"), "line", format!("claim/{claim}/line/{line}")),
            };
            logical_locations.push(LogicalLocation { name, fully_qualified_name: path, kind });
        }
        let named = match (place.segment.as_str(), place.element.as_str()) {
            ("", pointer) => json!({"line": place.number, "pointer": pointer}),
            (segment, element) => json!({"segment": place.number, "id": segment, "element": element}),
        };
        let mut properties = named;
        if let Some(fields) = properties.as_object_mut() {
            fields.insert("offset".to_owned(), place.span.offset.into());
            fields.insert("length".to_owned(), place.span.length.into());
        }
        Location {
            id: None,
            message: None,
            physical_location: PhysicalLocation { artifact_location, region: Region::of(run, file, place) },
            logical_locations,
            properties,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        let uri = |name: &str| serde_json::to_string(&ArtifactLocation::named(name)).expect("JSON");
        assert_eq!(uri("./a b/day#1.837"), r#"{"uri":"a%20b/day%231.837","uriBaseId":"%SRCROOT%"}"#);
        assert_eq!(uri("/srv/ä.837"), r#"{"uri":"file:///srv/%C3%A4.837"}"#);
        assert_eq!(uri("c:day?.837"), r#"{"uri":"c%3Aday%3F.837","uriBaseId":"%SRCROOT%"}"#);
        assert_eq!(uri("..\\late.837"), r#"{"uri":"../late.837","uriBaseId":"%SRCROOT%"}"#);
    }
}

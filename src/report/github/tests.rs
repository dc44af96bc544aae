use super::*;
use crate::finding::LineBreaks;
use crate::report::sample;
use insta::assert_snapshot;

fn rendered(run: &Run) -> String {
    let mut out = Vec::new();
    render(run, Redaction::Default, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn the_whole() {
    assert_snapshot!(rendered(&sample::everything()));
}

#[test]
fn no_value_ends_a_command_or_begins_one() {
    let text = rendered(&sample::everything());
    for line in text.lines() {
        let rest = line.strip_prefix("::").expect("a command");
        let (head, _) = rest.split_once("::").expect("properties and data");
        let (kind, properties) = head.split_once(' ').expect("a kind and properties");
        assert!(["error", "warning", "notice"].contains(&kind), "{line}");
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').expect("a key and a value");
            assert!(["file", "line", "title"].contains(&key), "{line}");
            assert!(!value.contains(':'), "{line}");
        }
    }
    assert_eq!(data("1%\r\na:b,c"), "1%25%0D%0Aa:b,c");
    assert_eq!(property("1%\r\na:b,c"), "1%25%0D%0Aa%3Ab%2Cc");
}

#[test]
fn what_is_past_the_tenth_is_counted() {
    let run = sample::run(vec![sample::finding(); 12].into_iter().chain(vec![sample::info(); 11]).collect());
    let text = rendered(&run);
    let first = text.lines().next().expect("a notice");
    assert!(
        first.ends_with(
            "%0AGitHub shows the first 10 annotations of a kind, here those worth most; 4 more are in \
                             the log of this step."
        ),
        "{first}"
    );
    assert!(!rendered(&sample::run(vec![sample::finding(); 10])).contains("GitHub shows"));
}

#[test]
fn a_line_is_given_only_where_it_is_known() {
    let mut run = sample::run(vec![sample::finding()]);
    for (breaks, wanted) in [
        (LineBreaks::Counted, "file=day.837,line=41,"),
        (LineBreaks::Absent, "file=day.837,line=1,"),
        (LineBreaks::Elsewhere, "file=day.837,title"),
    ] {
        run.line_breaks = vec![breaks];
        assert!(rendered(&run).contains(wanted), "{}", rendered(&run));
    }
}

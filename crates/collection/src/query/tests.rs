//! What people type, and what is made of it.

use super::*;
use proptest::prelude::*;

fn check(text: &str, expected: &str) {
    let found = Query::parse(text).map_or_else(|error| error.to_string(), |q| q.to_string());
    assert_eq!(found, expected, "{text}");
}

#[test]
fn reads_what_people_write() {
    check("", "");
    check("  strong leader ", r#""strong" "leader""#);
    check(r#""10 years""#, r#""10 years""#);
    check("model:llama -tag:rejected", r#"model:"llama" -tag:"rejected""#);
    check("score:8..10 tokens:>500 chars:<=20", "score:8..10 tokens:501.. chars:..20");
    check("score:9 score:..4", "score:9 score:..4");
    check("is:starred is:stale is:error", "is:starred is:stale is:error");
    check("-is:suggested", "-is:suggested");
    check("assigned:me -todo:\"Ada L.\"", r#"assigned:"me" -todo:"Ada L.""#);
    check("rated:a=b=8.. -is:disputed", r#"rated:"a=b=8.." -is:disputed"#);
    check(r#"rated:"my model=9""#, r#"rated:"my model=9""#);
    check("rated:m=<=7 rated:m=>=8", r#"rated:"m=..7" rated:"m=8..""#);
    check("rated:m=<=9..9", r#"rated:"m=<=9..9""#);
    check("-of:m starred:2026-03-01..", "-of:\"m\" starred:2026-03-01T00:00:00Z..");
    check("rated:a=b=>=8 rated:m=<3", r#"rated:"a=b=8.." rated:"m=..2""#);
    check(r#"name:"John \"J\" Doe""#, r#"name:"John \"J\" Doe""#);
    check("a - b", r#""a" "-" "b""#);
    check("lead* -\"strong lead\"* *", r#""lead"* -"strong lead"* "*""#);
    check(r"/a b\/c/ -/\d+/ x", r#"/a b\/c/ -/\d+/ "x""#);
    check("https://x.org/a:b 10:30 Foo:bar", r#""https://x.org/a:b" "10:30" "Foo:bar""#);
}

#[test]
fn explains_mistakes() {
    let numbers = "expected a number or a range, as 9, 8..10, >500 or <=20";
    check("score:high", &format!("at 7: {numbers}"));
    check("é score:10..8", &format!("at 9: {numbers}"));
    check("score:..", &format!("at 7: {numbers}"));
    check("tokens:<0", &format!("at 8: {numbers}"));
    check("score:+7", &format!("at 7: {numbers}"));
    check("tokens:>18446744073709551615", &format!("at 8: {numbers}"));
    check(
        "/open",
        "at 6: expected a closing / with a space or nothing behind it, or quotation marks around it",
    );
    check("a /b[/", "at 3: expected a regular expression: unclosed character class");
    check("//", "at 2: expected a pattern between the slashes");
    check("+*", "at 1: expected a letter or a digit before the *");
    check("model:", "at 7: expected a value after the colon");
    check(
        "is:great",
        "at 4: expected starred, unreviewed, suggested, stale, disputed, error or empty",
    );
    let rated = "expected a model and its mean score, as llama-70b=9 or llama-70b=8..10";
    check("rated:9", &format!("at 7: {rated}"));
    check("rated:m=", &format!("at 7: {rated}"));
    check("rated:=9", &format!("at 7: {rated}"));
    let times = "expected a day or days, as 2026-03-01 or 2026-03-01..2026-03-07, or times as \
                 2026-03-01T08:00:00Z..";
    check("starred:march", &format!("at 9: {times}"));
    check("starred:2026-03-02..2026-03-01", &format!("at 9: {times}"));
    check("\"open", "at 6: expected a closing quotation mark");
    check(
        "colour:red",
        "at 1: expected one of the fields model, score, rated, tag, by, of, starred, is, \
         assigned, todo, finish, tokens, chars, name, id, file, or the words in quotation marks",
    );
}

fn range() -> impl Strategy<Value = Range> {
    (any::<u64>(), any::<u64>(), 0..3).prop_map(|(a, b, form)| Range {
        from: (form != 0).then_some(a.min(b)),
        to: (form != 1).then_some(a.max(b)),
    })
}

fn times() -> impl Strategy<Value = Times> {
    let second = || 0..4_102_444_800_i64;
    (second(), second(), 0..3).prop_map(|(a, b, form)| Times {
        from: (form != 0).then_some(a.min(b)),
        to: (form != 1).then_some(a.max(b)),
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    let text = || any::<String>().prop_filter("no value", |text| !text.is_empty());
    prop_oneof![
        any::<String>().prop_map(Condition::Text),
        any::<String>().prop_map(|text| Condition::Prefix(format!("a{text}"))),
        any::<String>().prop_map(|text| Condition::Pattern(format!("x{}", regex::escape(&text)))),
        "[a-z/ ]{1,8}".prop_map(|text| Condition::Pattern(format!("x{text}"))),
        text().prop_map(Condition::Model),
        text().prop_map(Condition::Tag),
        text().prop_map(Condition::By),
        text().prop_map(Condition::Of),
        times().prop_map(Condition::Starred),
        text().prop_map(Condition::Name),
        text().prop_map(Condition::File),
        range().prop_map(Condition::Score),
        range().prop_map(Condition::Tokens),
        (text(), range()).prop_map(|(model, range)| Condition::Rated { model, range }),
        text().prop_map(Condition::Assigned),
        text().prop_map(Condition::Todo),
        Just(Condition::IsStale),
        Just(Condition::IsDisputed),
        Just(Condition::IsUnreviewed),
        Just(Condition::IsSuggested),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(
        clauses in prop::collection::vec((any::<bool>(), condition()), 0..6)
    ) {
        let clause = |(negated, condition)| Clause { negated, condition };
        let query = Query { clauses: clauses.into_iter().map(clause).collect() };
        prop_assert_eq!(Query::parse(&query.to_string()), Ok(query));
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let _read = Query::parse(&text);
    }
}

#[test]
fn me_is_whoever_asks() {
    let query = Query::parse("assigned:me -todo:me todo:ben name:me").unwrap();
    assert!(query.is_about_me() && query.asks_for_todo());
    let asked = query.asked_by("ada");
    let expected = r#"assigned:"ada" -todo:"ada" todo:"ben" name:"me""#;
    assert_eq!(asked.to_string(), expected);
    assert!(!asked.is_about_me());
    assert!(!Query::parse("-todo:me is:unreviewed").unwrap().asks_for_todo());
}

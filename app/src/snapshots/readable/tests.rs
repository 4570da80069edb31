use holdfast_domain::snapshot::TextSpan;
use serde_json::json;

use super::*;

fn difference(path: &str, now: Option<Value>, then: Option<Value>) -> Difference {
    let kind = match (&now, &then) {
        (None, _) => DifferenceKind::Added,
        (_, None) => DifferenceKind::Removed,
        _ => DifferenceKind::Changed,
    };
    Difference { path: path.into(), kind, now, then, spans: Vec::new() }
}

fn changed(path: &str, now: Value, then: Value) -> Difference {
    difference(path, Some(now), Some(then))
}

fn added(path: &str, then: Value) -> Difference {
    difference(path, None, Some(then))
}

fn removed(path: &str, now: Value) -> Difference {
    difference(path, Some(now), None)
}

fn read(differences: &[Difference], context: &Value) -> Vec<Row> {
    readable(differences, |path| context.pointer(path.as_str()).cloned())
}

/// `Name [changed]: -now- +then+`, code in backquotes.
fn words(rows: &[Row]) -> Vec<String> {
    let piece = |piece: &Piece| {
        let text = if piece.code { format!("`{}`", piece.text) } else { piece.text.clone() };
        match piece.mark {
            Mark::Stays => text,
            Mark::Gap => "<gap>".into(),
            Mark::ComesBack => format!("+{text}+"),
            Mark::Goes => format!("-{text}-"),
        }
    };
    let line = |line: &Line| {
        let about = line.about.as_ref().map(|about| format!("({about}) ")).unwrap_or_default();
        about + &line.pieces.iter().map(piece).collect::<String>()
    };
    rows.iter()
        .map(|row| {
            let lines: Vec<String> = row.lines.iter().map(line).collect();
            format!("{} {:?}: {}", row.title, row.kind, lines.join("; "))
        })
        .collect()
}

fn budget() -> Value {
    json!({ "fields": { "budget": {
        "label": "Budget, EUR", "kind": "number", "order": 1, "value": 2400
    } } })
}

#[test]
fn snap_3_a_value_of_a_field_is_shown_under_its_name() {
    let rows = read(&[changed("/fields/budget/value", json!(2400), json!(1900))], &budget());
    assert_eq!(words(&rows), ["Budget, EUR Changed: -2400- +1900+"]);
}

#[test]
fn snap_3_a_value_that_goes_from_a_field_that_stays_is_a_change() {
    let rows = read(&[removed("/fields/budget/value", json!(2400))], &budget());
    assert_eq!(words(&rows), ["Budget, EUR Changed: -2400-"]);
}

#[test]
fn snap_3_a_field_that_comes_back_is_one_row() {
    let differences = [
        added("/fields/insured/kind", json!("checkbox")),
        added("/fields/insured/label", json!("Insurance")),
        added("/fields/insured/order", json!(2)),
        added("/fields/insured/value", json!(true)),
    ];
    assert_eq!(words(&read(&differences, &budget())), ["Insurance Added: +Yes+"]);
    let without_value = differences.get(..3).unwrap_or_default();
    assert_eq!(words(&read(without_value, &budget())), ["Insurance Added: It has no value."]);
}

#[test]
fn snap_3_a_field_that_goes_is_one_row() {
    let differences = [
        removed("/fields/budget/kind", json!("number")),
        removed("/fields/budget/label", json!("Budget, EUR")),
        removed("/fields/budget/order", json!(1)),
        removed("/fields/budget/value", json!(2400)),
        added("/fields", json!({})),
    ];
    assert_eq!(words(&read(&differences, &budget())), ["Budget, EUR Removed: -2400-"]);
}

#[test]
fn snap_3_what_else_changes_in_a_field_stands_in_its_row() {
    let differences = [
        changed("/fields/budget/choices", json!(["a"]), json!(["a", "b"])),
        changed("/fields/budget/kind", json!("number"), json!("choice")),
        changed("/fields/budget/label", json!("Budget, EUR"), json!("Cost")),
        changed("/fields/budget/order", json!(1), json!(3)),
        changed("/fields/budget/value", json!(2400), json!("b")),
    ];
    assert_eq!(
        words(&read(&differences, &budget())),
        ["Budget, EUR Changed: -2400- +b+; (Choices) -a- +a, b+; (Kind) -Number- +Choice+; \
          (Name) -Budget, EUR- +Cost+"]
    );
    let moved = differences.get(3..4).unwrap_or_default();
    assert_eq!(
        words(&read(moved, &budget())),
        ["Budget, EUR Changed: It moves to another place among the fields."]
    );
}

#[test]
fn snap_3_json_fields_are_code() {
    let whole = [
        added("/fields/route/kind", json!("json")),
        added("/fields/route/label", json!("Route")),
        added("/fields/route/value/days", json!(7)),
        added("/fields/route/value/stops", json!(["Bodø", "Å"])),
    ];
    assert_eq!(
        words(&read(&whole, &budget())),
        [r#"Route Added: +`{"days": 7, "stops": ["Bodø", "Å"]}`+"#]
    );
    let context = json!({ "fields": { "route": {
        "label": "Route", "kind": "json", "value": { "days": 9 }
    } } });
    let inside = [changed("/fields/route/value/days", json!(9), json!(7))];
    assert_eq!(words(&read(&inside, &context)), ["Route Changed: (days) -`9`- +`7`+"]);
}

#[test]
fn snap_3_text_comes_first_then_fields_in_their_order_then_the_rest() {
    let context = json!({ "fields": {
        "a": { "label": "Second", "order": 2 },
        "b": { "label": "First", "order": 1 },
    } });
    let spans = [
        (None, "…ferry at "),
        (Some(DifferenceKind::Removed), "15:00"),
        (Some(DifferenceKind::Added), "18:00"),
    ];
    let spans = spans.map(|(kind, text)| TextSpan { kind, text: text.into() });
    let differences = [
        changed("/fields/a/value", json!("x"), json!("y")),
        changed("/fields/b/value", json!(false), json!(true)),
        Difference { spans: spans.into(), ..changed("/notes", Value::Null, Value::Null) },
        added("/trip", json!({})),
        changed("/trip/a~1b", json!(null), json!([1, { "c": 2 }])),
    ];
    assert_eq!(
        words(&read(&differences, &context)),
        [
            "Text Changed: <gap>ferry at -15:00-+18:00+",
            "First Changed: -No- +Yes+",
            "Second Changed: -x- +y+",
            r#"trip › a/b Changed: -(nothing)- +`[1, {"c": 2}]`+"#,
        ]
    );
}

#[test]
fn snap_3_what_nobody_would_see_is_left_out() {
    let differences = [
        added("/fields", json!({})),
        added("/fields/budget/value", json!("")),
        removed("/notes", json!("")),
        removed("/trip", json!({})),
    ];
    assert_eq!(words(&read(&differences, &budget())), Vec::<String>::new());
}

#[test]
fn snap_3_the_summary_counts_what_a_person_sees() {
    let row = |kind| Row { title: String::new(), kind, lines: Vec::new() };
    let (added, removed) = (DifferenceKind::Added, DifferenceKind::Removed);
    let rows = [DifferenceKind::Changed, DifferenceKind::Changed, added, removed, removed].map(row);
    assert_eq!(summary(&rows), ["2 will change", "1 will come back", "2 will go"]);
    assert_eq!(summary(&rows[..1]), ["1 will change"]);
}

//! Fields, roles, prefilled values.

use deedbox_core::FieldId;
use deedbox_core::ids::Id;
use deedbox_core::invalid::Faults;
use deedbox_core::template::field::check_fields;
use deedbox_core::template::{
    Area, Field, FieldKind, FieldValue, Mark, Point, PrefillEntry, Rule, assign, check_value,
    merge, prefill,
};

fn field(name: &str, kind: FieldKind, role: Option<&str>) -> Field {
    let label = format!("{name}/{role:?}");
    Field {
        field_id: FieldId::from_seed(&[1; 32], &label),
        name: name.to_owned(),
        kind,
        role: role.map(str::to_owned),
        participant_index: None,
        required: true,
        readonly: false,
        options: vec!["A".to_owned(), "B".to_owned()],
        default: None,
        page: 1,
        area: Some(Area {
            x: 0.1,
            y: 0.1,
            w: 0.2,
            h: 0.05,
        }),
    }
}

fn lease() -> Vec<Field> {
    vec![
        field("sign", FieldKind::Signature, Some("Buyer")),
        field("sign", FieldKind::Signature, Some("Co-Signer")),
        field("date", FieldKind::Date, Some("Co-Signer")),
    ]
}

fn roles(fields: &[Field], signers: &[Option<&str>]) -> Vec<(String, usize, bool)> {
    let assignment = assign(fields, signers, Rule::Fill).unwrap();
    let share = |it: &deedbox_core::template::Share| {
        (
            it.role.clone(),
            it.field_ids.len(),
            it.needs_signature_sheet,
        )
    };
    assignment.shares.iter().map(share).collect()
}

#[test]
fn signers_meet_roles_by_name_without_regard_to_case() {
    assert_eq!(
        roles(&lease(), &[Some("co-signer"), Some("BUYER")]),
        [
            ("co-signer".to_owned(), 2, false),
            ("BUYER".to_owned(), 1, false)
        ]
    );
}

#[test]
fn signers_whose_role_matches_none_take_the_remaining_roles_in_order() {
    assert_eq!(
        roles(&lease(), &[Some("Witness"), Some("Buyer"), None]),
        [
            ("Witness".to_owned(), 2, false),
            ("Buyer".to_owned(), 1, false),
            ("Signer".to_owned(), 0, true)
        ]
    );
    assert_eq!(
        roles(&lease(), &[None, None]),
        [
            ("Buyer".to_owned(), 1, false),
            ("Co-Signer".to_owned(), 2, false)
        ]
    );
}

#[test]
fn a_role_with_a_required_field_and_no_signer_is_a_fault_on_signers() {
    let faults = assign(&lease(), &[Some("Buyer")], Rule::Fill).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].field, "signers");
    assert!(faults[0].message.contains("Co-Signer"));
    let mut optional = lease();
    optional[1].required = false;
    optional[2].required = false;
    assert_eq!(
        assign(&optional, &[Some("Buyer")], Rule::Fill)
            .unwrap()
            .left_out
            .len(),
        2
    );
}

#[test]
fn fields_without_role_are_dealt_by_kind_and_one_participant_gets_all() {
    let fields = [
        field("s1", FieldKind::Signature, None),
        field("s2", FieldKind::Signature, None),
        field("t1", FieldKind::Text, None),
    ];
    let two = assign(&fields, &[None, None], Rule::Strict).unwrap();
    assert_eq!(two.owner_of(&fields[0].field_id), Some(0));
    assert_eq!(two.owner_of(&fields[1].field_id), Some(1));
    assert_eq!(two.owner_of(&fields[2].field_id), Some(0));
    let one = assign(&fields, &[None], Rule::Strict).unwrap();
    assert_eq!(one.shares[0].field_ids.len(), 3);
    let three = assign(&fields, &[None, None, None], Rule::Strict).unwrap();
    assert!(three.shares[2].needs_signature_sheet);
}

#[test]
fn an_index_or_role_without_participant_is_a_fault_on_the_template_version() {
    let mut fields = lease();
    let faults = assign(&fields, &[Some("Buyer"), None], Rule::Strict).unwrap_err();
    assert!(faults.iter().all(|fault| fault.field == "templateVersion"));
    fields.truncate(1);
    fields[0].role = None;
    fields[0].participant_index = Some(1);
    assert!(assign(&fields, &[None], Rule::Strict).is_err());
    assert_eq!(
        assign(&fields, &[None, None], Rule::Strict)
            .unwrap()
            .owner_of(&fields[0].field_id),
        Some(1)
    );
}

#[test]
fn a_field_without_a_place_asks_for_the_signature_sheet() {
    let mut fields = vec![field("s", FieldKind::Signature, None)];
    fields[0].area = None;
    assert!(assign(&fields, &[None], Rule::Strict).unwrap().shares[0].needs_signature_sheet);
}

#[test]
fn a_field_with_the_same_name_and_role_replaces_and_others_are_added() {
    let mut changed = field("date", FieldKind::Text, Some("co-signer"));
    changed.required = false;
    let fresh = field("date", FieldKind::Date, Some("Buyer"));
    let merged = merge(&lease(), vec![changed, fresh]);
    assert_eq!(merged.len(), 4);
    assert_eq!(
        (merged[2].kind, merged[2].required),
        (FieldKind::Text, false)
    );
    assert_eq!(merged[2].field_id, lease()[2].field_id);
}

#[test]
fn fields_stand_on_the_document_and_have_names_of_their_own() {
    let mut fields = lease();
    fields[0].page = 3;
    fields[1].area = Some(Area {
        x: 0.9,
        y: 0.0,
        w: 0.2,
        h: 0.1,
    });
    fields.push(fields[2].clone());
    let mut faults = Faults::new();
    check_fields(&fields, 2, &mut faults);
    let places: Vec<_> = faults
        .into_vec()
        .into_iter()
        .map(|fault| fault.field)
        .collect();
    assert_eq!(
        places,
        ["fields[0].page", "fields[1].placement", "fields[3].name"]
    );
}

fn entry(name: &str, role: Option<&str>, value: FieldValue) -> PrefillEntry {
    PrefillEntry {
        field_name: name.to_owned(),
        role: role.map(str::to_owned),
        value,
    }
}

#[test]
fn prefilled_values_find_their_fields() {
    let text = |it: &str| FieldValue::Text(it.to_owned());
    let filled = prefill(&lease(), &[entry("date", None, text("2026-04-11"))]).unwrap();
    assert_eq!(filled[0].field_id, lease()[2].field_id);
    let faults = prefill(
        &lease(),
        &[
            entry("nothing", None, text("x")),
            entry("sign", Some("Buyer"), text("x")),
            entry("date", Some("Buyer"), text("2026-04-11")),
            entry("date", None, text("tomorrow")),
        ],
    )
    .unwrap_err();
    let places: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        places,
        [
            "prefill[0].field_name",
            "prefill[1].field_name",
            "prefill[2].field_name",
            "prefill[3].value"
        ]
    );
}

#[test]
fn values_fit_their_kind() {
    let of = |kind| field("f", kind, None);
    let text = |it: &str| FieldValue::Text(it.to_owned());
    let point = Point {
        x: 0.5,
        y: 0.5,
        t: 0.0,
        p: 0.5,
    };
    let drawn = |points: usize| {
        FieldValue::Mark(Mark::Drawn {
            strokes: vec![vec![point; points]],
        })
    };
    let good = [
        (FieldKind::Text, text("Lima")),
        (FieldKind::Date, text("2026-02-28")),
        (FieldKind::Select, text("A")),
        (FieldKind::Phone, text("+57 300 000 00 00")),
        (FieldKind::Checkbox, FieldValue::Checked(true)),
        (FieldKind::Signature, drawn(3)),
        (
            FieldKind::Initials,
            FieldValue::Mark(Mark::Typed {
                text: "AE".to_owned(),
                font: String::new(),
            }),
        ),
    ];
    for (kind, value) in good {
        assert_eq!(check_value(&of(kind), &value), Ok(()), "{kind:?}");
    }
    let bad = [
        (FieldKind::Text, text(&"x".repeat(2001))),
        (FieldKind::Text, FieldValue::Checked(true)),
        (FieldKind::Date, text("2026-02-30")),
        (FieldKind::Radio, text("C")),
        (FieldKind::Phone, text("call me")),
        (FieldKind::Checkbox, text("yes")),
        (FieldKind::Signature, text("Ana")),
        (FieldKind::Signature, drawn(0)),
        (FieldKind::Signature, drawn(20_001)),
        (
            FieldKind::Signature,
            FieldValue::Mark(Mark::Uploaded {
                image: "data:image/gif;base64,".to_owned(),
            }),
        ),
    ];
    for (kind, value) in bad {
        assert!(check_value(&of(kind), &value).is_err(), "{kind:?}");
    }
}

#[test]
fn a_resolved_field_prints_the_documented_keys() {
    let printed = serde_json::to_value(field("sign", FieldKind::Signature, Some("Buyer"))).unwrap();
    for name in [
        "field_id", "name", "type", "role", "required", "page", "x", "y", "w", "h",
    ] {
        assert!(printed.get(name).is_some(), "{name}");
    }
    let mut sheet = field("sign", FieldKind::Signature, None);
    sheet.area = None;
    let again: Field = serde_json::from_value(serde_json::to_value(&sheet).unwrap()).unwrap();
    assert_eq!(again, sheet);
}

#[test]
fn a_signature_does_not_print_itself_into_a_log() {
    let typed = FieldValue::Mark(Mark::Typed {
        text: "Ana".to_owned(),
        font: String::new(),
    });
    assert!(!format!("{typed:?}").contains("Ana"));
}

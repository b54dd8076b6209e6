//! Reading a request's values one by one, so that every fault is named by its path and all faults come at once.
//!
//! A decoder that stops at the first type error cannot do that. The reader answers `Option`s; a value that is missing
//! or wrong is noted in [`Faults`] and read as `None`, and [`Faults::check`] turns the notes into a refusal before
//! anything is done with the values.

use std::{
    borrow::Cow,
    fmt::Display,
    ops::RangeInclusive,
    sync::{Mutex, PoisonError},
};

use deedbox_core::FieldError;
use serde_json::{Map, Value};

/// The faults found so far in one request.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<FieldError>>);

impl Faults {
    /// Notes a fault of `field`.
    pub(crate) fn note(&self, field: impl Into<String>, message: impl Into<String>) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.push(FieldError::new(field, message));
    }

    fn take(&self) -> Vec<FieldError> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses if there are faults, naming them in the order in which they were found.
    ///
    /// # Errors
    /// The noted faults.
    pub(crate) fn check(&self) -> Result<(), Vec<FieldError>> {
        let faults = self.take();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// The value of a required member; its absence has been noted when it was read.
    ///
    /// # Errors
    /// The noted faults.
    pub(crate) fn value<T>(&self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        value.ok_or_else(|| self.take())
    }
}

/// Whether values keep their JSON types or are all text (query strings, multipart parts).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typing {
    Json,
    Text,
}

/// The members of one JSON object, query string or form.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    members: Option<&'a Map<String, Value>>,
    path: String,
    typing: Typing,
    faults: &'a Faults,
}

impl<'a> Fields<'a> {
    /// The members of a JSON body. Anything but an object is a fault of `body`.
    pub(crate) fn of_json(body: &'a Value, faults: &'a Faults) -> Self {
        let members = body.as_object();
        if members.is_none() {
            faults.note("body", "must be a JSON object");
        }
        Self {
            members,
            path: String::new(),
            typing: Typing::Json,
            faults,
        }
    }

    /// The members of a query string or of the text parts of a form.
    pub(crate) fn of_text(members: &'a Map<String, Value>, faults: &'a Faults) -> Self {
        Self {
            members: Some(members),
            path: String::new(),
            typing: Typing::Text,
            faults,
        }
    }

    /// The value of `key`; JSON `null` is read as absent.
    pub(crate) fn optional(&self, key: &str) -> Slot<'a> {
        let value = self.members.and_then(|members| members.get(key));
        Slot {
            value: value.filter(|value| !value.is_null()),
            path: join(&self.path, key),
            typing: self.typing,
            faults: self.faults,
        }
    }

    /// The value of `key`, whose absence is a fault.
    pub(crate) fn required(&self, key: &str) -> Slot<'a> {
        let slot = self.optional(key);
        if slot.value.is_none() && self.members.is_some() {
            slot.fault("is required");
        }
        slot
    }

    /// Whether `key` is there at all, be it `null`.
    pub(crate) fn names(&self, key: &str) -> bool {
        self.members
            .is_some_and(|members| members.contains_key(key))
    }

    /// Notes a fault of the member `key`.
    pub(crate) fn fault(&self, key: &str, message: impl Into<String>) {
        self.faults.note(join(&self.path, key), message);
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// One value, its path, and where to note what is wrong with it.
#[derive(Clone, Debug)]
pub(crate) struct Slot<'a> {
    value: Option<&'a Value>,
    path: String,
    typing: Typing,
    faults: &'a Faults,
}

impl<'a> Slot<'a> {
    /// Notes that this value is wrong.
    pub(crate) fn fault(&self, message: impl Into<String>) {
        self.faults.note(self.path.clone(), message);
    }

    /// Notes faults that another reader found inside this value, at the paths that it gave them.
    pub(crate) fn faults_inside(&self, found: Vec<FieldError>) {
        for fault in found {
            self.faults.note(fault.field, fault.message);
        }
    }

    /// Whether there is a value.
    pub(crate) fn is_present(&self) -> bool {
        self.value.is_some()
    }

    /// The value as it is.
    pub(crate) fn raw(&self) -> Option<&'a Value> {
        self.value
    }

    fn or_fault<T>(&self, value: Option<T>, message: impl Display) -> Option<T> {
        if value.is_none() && self.value.is_some() {
            self.fault(message.to_string());
        }
        value
    }

    /// Text, trimmed.
    fn trimmed(&self) -> Option<&'a str> {
        let text = self.or_fault(self.value.and_then(Value::as_str), "must be a string")?;
        // PostgreSQL text cannot hold it, and no name or message needs it.
        if text.contains('\0') {
            self.fault("must not contain the NUL character");
            return None;
        }
        Some(text.trim())
    }

    /// Text of a length in characters, trimmed.
    pub(crate) fn text(&self, length: RangeInclusive<usize>) -> Option<String> {
        let text = self.trimmed()?;
        if length.contains(&text.chars().count()) {
            return Some(text.to_owned());
        }
        self.fault(length_message(&length));
        None
    }

    /// Text of another form; `form` says whether it is right, `message` what it must be.
    pub(crate) fn form<T>(&self, form: impl FnOnce(&str) -> Option<T>, message: &str) -> Option<T> {
        let value = form(self.trimmed()?);
        self.or_fault(value, message)
    }

    /// One of a closed list of words.
    pub(crate) fn one_of<T: Copy>(&self, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let text = self.trimmed()?;
        let found = all.iter().copied().find(|it| name(*it) == text);
        let names: Vec<&str> = all.iter().map(|it| name(*it)).collect();
        self.or_fault(found, format_args!("must be one of: {}", names.join(", ")))
    }

    /// A whole number within bounds.
    pub(crate) fn integer(&self, bounds: RangeInclusive<i64>) -> Option<i64> {
        let number = match (self.value?, self.typing) {
            (Value::String(text), Typing::Text) => text.parse().ok(),
            (Value::Number(number), _) => number.as_i64(),
            _ => None,
        };
        let within = number.filter(|number| bounds.contains(number));
        let (low, high) = (bounds.start(), bounds.end());
        self.or_fault(
            within,
            format_args!("must be a whole number from {low} to {high}"),
        )
    }

    /// A finite number within bounds.
    pub(crate) fn number(&self, bounds: RangeInclusive<f64>) -> Option<f64> {
        let number = self
            .value?
            .as_f64()
            .filter(|number| bounds.contains(number));
        let (low, high) = (bounds.start(), bounds.end());
        self.or_fault(
            number,
            format_args!("must be a number from {low} to {high}"),
        )
    }

    /// True or false.
    pub(crate) fn boolean(&self) -> Option<bool> {
        let value = match (self.value?, self.typing) {
            (Value::Bool(value), _) => Some(*value),
            (Value::String(text), Typing::Text) => text.parse().ok(),
            _ => None,
        };
        self.or_fault(value, "must be true or false")
    }

    /// An object, to be read member by member.
    pub(crate) fn object(&self) -> Option<Fields<'a>> {
        let members = self.or_fault(self.value?.as_object(), "must be an object")?;
        Some(Fields {
            members: Some(members),
            path: self.path.clone(),
            typing: Typing::Json,
            faults: self.faults,
        })
    }

    /// A list with a bounded number of items, to be read item by item.
    pub(crate) fn list(&self, length: RangeInclusive<usize>) -> Option<Vec<Slot<'a>>> {
        let items = self.or_fault(self.value?.as_array(), "must be a list")?;
        if !length.contains(&items.len()) {
            let (low, high) = (length.start(), length.end());
            self.fault(format!("must have {low} to {high} items"));
            return None;
        }
        Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| self.item(index, item))
                .collect(),
        )
    }

    fn item(&self, index: usize, item: &'a Value) -> Slot<'a> {
        Slot {
            // Inside a list a null is a wrong value and not an absent one.
            value: Some(item),
            path: format!("{}[{index}]", self.path),
            typing: Typing::Json,
            faults: self.faults,
        }
    }
}

fn length_message(length: &RangeInclusive<usize>) -> Cow<'static, str> {
    match (*length.start(), *length.end()) {
        (0, high) => format!("must have at most {high} characters").into(),
        (low, usize::MAX) => format!("must have at least {low} characters").into(),
        (low, high) => format!("must have {low} to {high} characters").into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults_of(read: impl FnOnce(&Faults)) -> Vec<(String, String)> {
        let faults = Faults::default();
        read(&faults);
        let found = faults.check().err().unwrap_or_default();
        found
            .into_iter()
            .map(|fault| (fault.field, fault.message))
            .collect()
    }

    #[test]
    fn strings_are_trimmed_before_their_length_is_measured() {
        let (body, faults) = (
            json!({"name": "  Ana  ", "blank": "   "}),
            Faults::default(),
        );
        let fields = Fields::of_json(&body, &faults);
        assert_eq!(fields.required("name").text(1..=3).as_deref(), Some("Ana"));
        assert_eq!(fields.required("blank").text(1..=3), None);
        assert_eq!(faults.check().unwrap_err()[0].field, "blank");
    }

    #[test]
    fn null_is_absent_and_absent_is_a_fault_only_where_required() {
        let body = json!({"a": null});
        let found = faults_of(|faults| {
            let fields = Fields::of_json(&body, faults);
            assert_eq!(fields.optional("a").text(1..=9), None);
            fields.required("a");
        });
        assert_eq!(found, [("a".to_owned(), "is required".to_owned())]);
    }

    #[test]
    fn a_wrong_type_is_named_by_its_whole_path() {
        let body = json!({"signers": [{"email": "x"}, {"email": 7}, null]});
        let found = faults_of(|faults| {
            let fields = Fields::of_json(&body, faults);
            for signer in fields.required("signers").list(1..=20).unwrap() {
                signer
                    .object()
                    .map(|signer| signer.required("email").text(1..=9));
            }
        });
        assert_eq!(
            found[0],
            ("signers[1].email".into(), "must be a string".into())
        );
        assert_eq!(found[1], ("signers[2]".into(), "must be an object".into()));
    }

    #[test]
    fn a_number_in_quotes_is_a_number_in_a_query_and_not_in_json() {
        let body = json!({"limit": "7"});
        let found = faults_of(|faults| {
            let query = Fields::of_text(body.as_object().unwrap(), faults);
            assert_eq!(query.optional("limit").integer(1..=100), Some(7));
            assert_eq!(
                Fields::of_json(&body, faults)
                    .optional("limit")
                    .integer(1..=100),
                None
            );
        });
        assert_eq!(
            found,
            [(
                "limit".into(),
                "must be a whole number from 1 to 100".into()
            )]
        );
    }

    #[test]
    fn a_body_that_is_no_object_has_one_fault() {
        let body = json!([1]);
        let found = faults_of(|faults| {
            Fields::of_json(&body, faults).required("name").text(1..=3);
        });
        assert_eq!(found, [("body".into(), "must be a JSON object".into())]);
    }

    #[test]
    fn a_word_outside_the_list_is_answered_with_the_list() {
        let body = json!({"order": "random"});
        let found = faults_of(|faults| {
            let fields = Fields::of_json(&body, faults);
            fields
                .optional("order")
                .one_of(&["parallel", "sequential"], |word| word);
        });
        assert_eq!(found[0].1, "must be one of: parallel, sequential");
    }
}

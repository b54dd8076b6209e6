//! The values that cross into the database: text, 64-bit integers, bytes and nothing.

/// One bound value. Booleans are 0 and 1, instants are integer microseconds UTC, JSON is text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// SQL `NULL` of whatever type the place asks for.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// UTF-8 text; a NUL character is refused, since PostgreSQL cannot hold one.
    Text(&'a str),
    /// Raw bytes.
    Bytes(&'a [u8]),
}

/// What can be bound.
pub(crate) trait ToValue {
    /// The value to bind.
    fn value(&self) -> Value<'_>;
}

impl ToValue for i64 {
    fn value(&self) -> Value<'_> {
        Value::Int(*self)
    }
}

impl ToValue for bool {
    fn value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl ToValue for str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl ToValue for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

/// Binds expressions in order: `values![org_id, now]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::value::ToValue::value(&$value)),*] };
}
pub(crate) use values;

//! x
use der::asn1::Int;

use super::Problem;

pub(crate) struct Token {
    pub nonce: Option<Int>,
}

pub(crate) fn read(_token: &[u8]) -> Result<Token, Problem> {
    todo!()
}
impl Token {
    pub(crate) fn covers(&self, _imprint: &[u8]) -> bool {
        todo!()
    }
}

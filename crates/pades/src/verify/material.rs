//! Validation material inside the file: the document security store (ISO 32000-2 §12.8.4.3).

use der::Decode;
use lopdf::{Document, Object};
use x509_cert::{Certificate, crl::CertificateList};

use super::{chain::Pool, form};

/// Entries of each kind that are read.
const MAX_ENTRIES: usize = 256;
const MAX_CERTIFICATE: usize = 64 * 1024;
/// All revocation lists together.
const MAX_CRLS: usize = 16 * 1024 * 1024;

/// Adds what the DSS has to the pool. Unreadable entries are left out: they prove nothing.
pub(crate) fn gather(doc: &Document, pool: &mut Pool) {
    let certificates: Vec<Certificate> = streams(doc, b"Certs", MAX_CERTIFICATE)
        .filter_map(|der| Certificate::from_der(&der).ok())
        .collect();
    pool.add(&certificates);
    let mut room = MAX_CRLS;
    pool.add_lists(
        streams(doc, b"CRLs", MAX_CRLS)
            .map_while(|der| {
                room = room.checked_sub(der.len())?;
                Some(CertificateList::from_der(&der).ok())
            })
            .flatten(),
    );
}

/// Whether the document has a DSS.
pub(crate) fn present(doc: &Document) -> bool {
    doc.catalog().is_ok_and(|catalog| catalog.has(b"DSS"))
}

fn streams<'a>(
    doc: &'a Document,
    key: &[u8],
    limit: usize,
) -> impl Iterator<Item = Vec<u8>> + use<'a> {
    let dss = doc
        .catalog()
        .ok()
        .and_then(|catalog| catalog.get(b"DSS").ok());
    let list = dss
        .and_then(|dss| form::dictionary(doc, dss)?.get(key).ok())
        .and_then(|list| form::array(doc, list))
        .unwrap_or_default();
    list.iter().take(MAX_ENTRIES).filter_map(move |entry| {
        let (_, object) = doc.dereference(entry).ok()?;
        Object::as_stream(object)
            .ok()?
            .get_plain_content_with_limit(limit)
            .ok()
    })
}

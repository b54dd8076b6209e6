//! The instance's keys, made at the first start and opened at every start.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use deedbox_core::{Context, KeyId, OrgId, Timestamp, ids::Id as _};
use deedbox_pades::{Authority, KeyKind, Organization, SoftKey, SoftSigner, Tsa, Validity};
use deedbox_store::{Store, StoreError, Tx, keys};
use zeroize::Zeroizing;

use super::{EdKey, MasterKey, PublicKey};
use crate::{clock::Entropy, error::Error, settings::Settings};

/// Life of the instance's CA certificate in days.
const CA_DAYS: i64 = 20 * 365;
/// Life of seal and TSA certificates in days; `doctor` warns before they lapse.
const SEAL_DAYS: i64 = 10 * 365;
/// Certificates start a little before their first use, for verifiers whose clocks are behind.
const BACKDATE_SECONDS: i64 = 300;
/// Policy of the built-in TSA: an arc for private use (RFC 3161 §2.4.2 requires one).
const TSA_POLICY: &str = "1.3.6.1.4.1.32473.2.1";

/// What a key is for. A key never serves two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Issues the other certificates of this instance.
    Authority,
    /// Seals documents.
    Seal,
    /// Signs RFC 3161 tokens.
    Timestamp,
    /// Signs compliance certificates.
    Certificate,
    /// Signs release receipts.
    Receipt,
    /// Signs an organization's control record entries.
    Control,
}

impl Purpose {
    /// The purpose's name, in storage and in published keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Seal => "seal",
            Self::Timestamp => "timestamp",
            Self::Certificate => "certificate",
            Self::Receipt => "receipt",
            Self::Control => "control",
        }
    }
}

/// A data key in clear and as it is stored.
pub struct DataKeyWrap {
    /// 32 bytes.
    pub key: Zeroizing<[u8; 32]>,
    /// The same under the master key.
    pub wrapped: Vec<u8>,
}

/// Every key of this instance.
pub struct KeyRing {
    master: MasterKey,
    entropy: Arc<dyn Entropy>,
    /// Issues signers' short-lived certificates.
    pub(crate) authority: Authority,
    /// Seals documents.
    pub(crate) seal: SoftSigner,
    /// Gives RFC 3161 time.
    pub(crate) tsa: Tsa,
    /// Signs certificates.
    pub(crate) certificate: EdKey,
    /// Signs receipts.
    pub(crate) receipt: EdKey,
    /// When the certificates of seal and TSA lapse.
    pub(crate) lapses_at: Timestamp,
    control: RwLock<HashMap<OrgId, Arc<EdKey>>>,
}

impl KeyRing {
    /// Opens the instance's keys; makes them all when the database has none.
    ///
    /// # Errors
    /// [`Error::Internal`] with the remedy when the master key is missing or is another one, or when
    /// only some of the keys are there.
    pub(crate) async fn open(
        store: &Store,
        settings: &Settings,
        entropy: Arc<dyn Entropy>,
        ctx: &Context,
    ) -> Result<Self, Error> {
        let path = settings
            .master_key_file
            .clone()
            .unwrap_or_else(|| settings.data_dir.join("master.key"));
        let present = instance_keys(store).await?;
        let master = MasterKey::open(&path, present.is_empty(), entropy.as_ref())?;
        let rows = if present.is_empty() {
            first_start(store, make_all(&master, settings, entropy.as_ref(), ctx)?).await?
        } else {
            present
        };
        Self::load(master, entropy, &rows)
    }

    fn load(
        master: MasterKey,
        entropy: Arc<dyn Entropy>,
        rows: &[keys::StoredKey],
    ) -> Result<Self, Error> {
        let row = |purpose: Purpose| {
            rows.iter()
                .find(|row| row.purpose == purpose.as_str())
                .ok_or_else(|| {
                    Error::internal(format!(
                        "the instance's {} key is missing",
                        purpose.as_str()
                    ))
                })
        };
        let soft = |purpose| -> Result<(SoftKey, Vec<u8>), Error> {
            let row = row(purpose)?;
            let secret = open_secret(&master, row)?;
            let key = SoftKey::from_pkcs8(&secret).map_err(Error::internal)?;
            Ok((key, row.certificate.clone().unwrap_or_default()))
        };
        let (ca_key, ca) = soft(Purpose::Authority)?;
        let authority = Authority::load(ca, ca_key).map_err(Error::internal)?;
        let (seal_key, seal) = soft(Purpose::Seal)?;
        let (tsa_key, tsa) = soft(Purpose::Timestamp)?;
        let certificate = load_ed(&master, row(Purpose::Certificate)?)?;
        let receipt = load_ed(&master, row(Purpose::Receipt)?)?;
        let lapses = [Purpose::Seal, Purpose::Timestamp]
            .into_iter()
            .filter_map(|purpose| row(purpose).ok()?.not_after)
            .min();
        Ok(Self {
            seal: authority.join(seal_key, seal),
            tsa: Tsa::new(authority.join(tsa_key, tsa), TSA_POLICY).map_err(Error::internal)?,
            authority,
            certificate,
            receipt,
            lapses_at: Timestamp::from_micros(lapses.unwrap_or(0)),
            control: RwLock::default(),
            entropy,
            master,
        })
    }

    /// Wraps a secret under the master key.
    pub(crate) fn wrap(&self, context: &str, secret: &[u8]) -> Vec<u8> {
        self.master.wrap(context, secret, self.entropy.as_ref())
    }

    /// Opens a wrapped secret.
    pub(crate) fn unwrap(
        &self,
        context: &str,
        wrapped: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.master.unwrap(context, wrapped)
    }

    /// A key for one purpose, derived from the master key.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        self.master.derive(purpose)
    }

    /// A fresh data key for `owner` (an envelope or template id).
    pub(crate) fn new_data_key(&self, owner: &str) -> DataKeyWrap {
        let key = Zeroizing::new(self.entropy.seed());
        let wrapped = self.wrap(&format!("data:{owner}"), &*key);
        DataKeyWrap { key, wrapped }
    }

    /// The data key of `owner`.
    pub(crate) fn data_key(
        &self,
        owner: &str,
        wrapped: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, Error> {
        let opened = self.unwrap(&format!("data:{owner}"), wrapped)?;
        let key = <[u8; 32]>::try_from(opened.as_slice()).map_err(Error::internal)?;
        Ok(Zeroizing::new(key))
    }

    /// A new Ed25519 key as the row to be stored.
    pub(crate) fn new_ed25519(
        &self,
        purpose: Purpose,
        org: Option<&OrgId>,
        ctx: &Context,
    ) -> Result<keys::StoredKey, Error> {
        ed_row(&self.master, self.entropy.as_ref(), purpose, org, ctx)
    }

    /// The key that acts for an organization in control records.
    pub(crate) async fn control(&self, store: &Store, org: &OrgId) -> Result<Arc<EdKey>, Error> {
        let cached = self
            .control
            .read()
            .ok()
            .and_then(|keys| keys.get(org).cloned());
        if let Some(key) = cached {
            return Ok(key);
        }
        let wanted = org.to_string();
        let row = store
            .read("control key", move |tx| {
                keys::active(tx, Purpose::Control.as_str(), Some(&wanted))
            })
            .await?
            .ok_or_else(|| Error::internal(format!("{org} has no control key")))?;
        let key = Arc::new(load_ed(&self.master, &row)?);
        if let Ok(mut keys) = self.control.write() {
            keys.insert(org.clone(), key.clone());
        }
        Ok(key)
    }

    /// The public halves that verifiers pin.
    #[must_use]
    pub fn published(&self) -> Vec<PublicKey> {
        vec![
            self.certificate.published(Purpose::Certificate.as_str()),
            self.receipt.published(Purpose::Receipt.as_str()),
        ]
    }
}

async fn instance_keys(store: &Store) -> Result<Vec<keys::StoredKey>, Error> {
    Ok(store.read("instance keys", of_instance).await?)
}

fn of_instance(tx: &mut Tx<'_>) -> Result<Vec<keys::StoredKey>, StoreError> {
    Ok(keys::all(tx)?
        .into_iter()
        .filter(|key| key.org_id.is_none())
        .collect())
}

/// Stores the keys of the first start; of two first starts at once, one wins and both use its keys.
async fn first_start(
    store: &Store,
    rows: Vec<keys::StoredKey>,
) -> Result<Vec<keys::StoredKey>, Error> {
    store
        .write("first start", move |tx| {
            let present = of_instance(tx)?;
            if !present.is_empty() {
                return Ok(present);
            }
            for row in &rows {
                keys::insert(tx, row)?;
            }
            Ok::<_, StoreError>(rows.clone())
        })
        .await
        .map_err(Error::from)
}

fn make_all(
    master: &MasterKey,
    settings: &Settings,
    entropy: &dyn Entropy,
    ctx: &Context,
) -> Result<Vec<keys::StoredKey>, Error> {
    let name = |what: &str| Organization {
        common_name: format!("{} {what}", settings.operator),
        organization: Some(settings.operator.clone()),
    };
    let soft_row = |purpose: Purpose, key: &SoftKey, certificate: Vec<u8>, days: i64| {
        let secret = key.to_pkcs8().map_err(Error::internal)?;
        let id: KeyId = ctx.id(purpose.as_str());
        Ok::<_, Error>(keys::StoredKey {
            key_id: id.to_string(),
            purpose: purpose.as_str().to_owned(),
            org_id: None,
            alg: "ES256".to_owned(),
            wrapped: master.wrap(&context(&id), &secret, entropy),
            public: Vec::new(),
            certificate: Some(certificate),
            not_before: ctx.now.micros(),
            not_after: Some(ctx.now.plus_days(days).micros()),
            created_at: ctx.now.micros(),
            active: true,
        })
    };
    let generate = || SoftKey::generate(KeyKind::P256).map_err(Error::internal);
    let ca_name = name("signing CA");
    let authority = Authority::create(generate()?, &ca_name, validity(ctx.now, CA_DAYS))
        .map_err(Error::internal)?;
    let (seal, tsa) = (generate()?, generate()?);
    let seal_certificate = authority.issue_seal(&seal, &name("seal"), validity(ctx.now, SEAL_DAYS));
    let tsa_certificate =
        authority.issue_tsa(&tsa, &name("timestamps"), validity(ctx.now, SEAL_DAYS));
    let ca_certificate = authority.certificate().to_vec();
    Ok(vec![
        soft_row(Purpose::Authority, authority.key(), ca_certificate, CA_DAYS)?,
        soft_row(
            Purpose::Seal,
            &seal,
            seal_certificate.map_err(Error::internal)?,
            SEAL_DAYS,
        )?,
        soft_row(
            Purpose::Timestamp,
            &tsa,
            tsa_certificate.map_err(Error::internal)?,
            SEAL_DAYS,
        )?,
        ed_row(master, entropy, Purpose::Certificate, None, ctx)?,
        ed_row(master, entropy, Purpose::Receipt, None, ctx)?,
    ])
}

fn validity(now: Timestamp, days: i64) -> Validity {
    Validity {
        from: now.plus_seconds(-BACKDATE_SECONDS).to_offset(),
        until: now.plus_days(days).to_offset(),
    }
}

fn ed_row(
    master: &MasterKey,
    entropy: &dyn Entropy,
    purpose: Purpose,
    org: Option<&OrgId>,
    ctx: &Context,
) -> Result<keys::StoredKey, Error> {
    let id = KeyId::from_seed(&ctx.seed, purpose.as_str());
    let (key, secret) = EdKey::generate(id.clone(), ctx.now)?;
    Ok(keys::StoredKey {
        key_id: id.to_string(),
        purpose: purpose.as_str().to_owned(),
        org_id: org.map(ToString::to_string),
        alg: "Ed25519".to_owned(),
        wrapped: master.wrap(&context(&id), &secret, entropy),
        public: key.public().to_vec(),
        certificate: None,
        not_before: ctx.now.micros(),
        not_after: None,
        created_at: ctx.now.micros(),
        active: true,
    })
}

fn context(id: &KeyId) -> String {
    format!("key:{id}")
}

fn open_secret(master: &MasterKey, row: &keys::StoredKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    master.unwrap(&format!("key:{}", row.key_id), &row.wrapped)
}

fn load_ed(master: &MasterKey, row: &keys::StoredKey) -> Result<EdKey, Error> {
    let id = KeyId::parse(&row.key_id).map_err(Error::internal)?;
    EdKey::load(
        id,
        &open_secret(master, row)?,
        Timestamp::from_micros(row.not_before),
    )
}

/// A party's control key in its published form; other keys are not published from rows.
pub(crate) fn control_key(row: keys::StoredKey) -> Option<PublicKey> {
    (row.purpose == Purpose::Control.as_str()).then(|| PublicKey {
        key_id: row.key_id,
        alg: "Ed25519",
        purpose: Purpose::Control.as_str(),
        public_key: URL_SAFE_NO_PAD.encode(row.public),
        not_before: Timestamp::from_micros(row.not_before),
        not_after: row.not_after.map(Timestamp::from_micros),
    })
}

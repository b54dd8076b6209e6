//! What the signer sees: pages drawn by the server, and their text.

use bytes::Bytes;
use deedbox_pdf::{
    TextRun,
    child::{Answer, Ask},
};

use super::{copy::Pdf, open::Session};
use crate::{
    App,
    error::{Error, What},
    record::Loaded,
};

impl App {
    /// The PDF as this signer is asked to sign it.
    ///
    /// # Errors
    /// [`Error::Integrity`] when the stored bytes were altered.
    pub async fn signing_document(&self, session: &Session) -> Result<Pdf, Error> {
        let loaded = self.session_record(session).await?;
        let (bytes, sha256) = self.shown(&loaded).await?;
        let filename = format!("{}.pdf", session.envelope_id);
        Ok(Pdf {
            bytes,
            sha256,
            filename,
        })
    }

    /// A page as a picture, `width` pixels wide.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a page that is not there.
    pub async fn signing_page_png(
        &self,
        session: &Session,
        page: u32,
        width: u32,
    ) -> Result<Bytes, Error> {
        let loaded = self.session_record(session).await?;
        check_page(&loaded, page)?;
        let (bytes, sha256) = self.shown(&loaded).await?;
        let name = format!("page:{sha256}:{page}:{width}");
        if let Some(known) = self.cache().get(&name) {
            return Ok(known);
        }
        match self
            .one_answer(
                bytes,
                Ask::Render {
                    page,
                    width_px: width,
                },
            )
            .await?
        {
            Answer::Image(png) => {
                let png = Bytes::from(png);
                self.cache().put(name, png.clone());
                Ok(png)
            }
            _ => Err(Error::internal("the PDF child answered something else")),
        }
    }

    /// A page's text runs in reading order.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a page that is not there.
    pub async fn signing_page_text(
        &self,
        session: &Session,
        page: u32,
    ) -> Result<Vec<TextRun>, Error> {
        let loaded = self.session_record(session).await?;
        check_page(&loaded, page)?;
        let (bytes, _) = self.shown(&loaded).await?;
        match self.one_answer(bytes, Ask::Text { page }).await? {
            Answer::Text(runs) => Ok(runs),
            _ => Err(Error::internal("the PDF child answered something else")),
        }
    }

    async fn one_answer(&self, bytes: Bytes, ask: Ask) -> Result<Answer, Error> {
        // A document that was accepted must be readable: a failure here is ours.
        let answers = self
            .ask_child(bytes, vec![ask])
            .await
            .map_err(Error::internal)?;
        answers
            .into_iter()
            .next()
            .ok_or_else(|| Error::internal("the PDF child did not answer"))
    }

    /// The document's bytes as of now, composed and checked.
    pub(crate) async fn shown(&self, loaded: &Loaded) -> Result<(Bytes, String), Error> {
        let id = &loaded.row.envelope_id;
        let rows = self.revisions(id).await?;
        // The vault seal is no business of a signer: from vault-in on they get the copy.
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| row.kind != "vault_seal")
            .collect();
        let sha256 = rows
            .last()
            .map(|row| row.sha256.clone())
            .unwrap_or_default();
        let bytes = self.compose(id, &loaded.object_key(self)?, &rows).await?;
        Ok((bytes, sha256))
    }
}

fn check_page(loaded: &Loaded, page: u32) -> Result<(), Error> {
    let pages = loaded.envelope().pages.unwrap_or(0);
    if (1..=pages).contains(&page) {
        Ok(())
    } else {
        Err(Error::NotFound(What::Page))
    }
}

//! Writes every sample message to a folder, to be looked at: `mail_previews DIR`.

use std::{env, fs, path::PathBuf};

use deedbox_worker::mail::{Brand, Composer, Locale, samples};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("name a folder to write to")?);
    fs::create_dir_all(&folder)?;
    let composer = Composer::new();
    for locale in Locale::ALL {
        for notice in samples(locale) {
            let name = format!("{}-{locale}", notice.subject.kind().as_str());
            let words = composer.compose(&notice)?;
            fs::write(folder.join(format!("{name}.html")), words.html)?;
            fs::write(folder.join(format!("{name}.txt")), words.text)?;
        }
    }
    for mut notice in samples(Locale::En).into_iter().take(1) {
        notice.brand = Brand {
            accent: Some("#ffd600".into()),
            ..Brand::named("Yellow Lending")
        };
        notice.unsubscribe = Some("https://sign.example.com/unsubscribe?t=a&b=c".parse()?);
        fs::write(
            folder.join("branded-en.html"),
            composer.compose(&notice)?.html,
        )?;
    }
    Ok(())
}

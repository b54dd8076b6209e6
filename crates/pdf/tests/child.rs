//! The reader process. This file is its own child: with the argument `serve` it answers
//! questions, without it runs the tests below.

use std::{
    fs,
    time::{Duration, Instant},
};

use deedbox_pdf::{
    Limits, Refusal,
    child::{Answer, Ask, ChildError, Launcher, serve},
};

#[path = "support/mod.rs"]
mod support;

use support::{Sheet, plain, words};

fn main() {
    let mode = std::env::args().nth(1).unwrap_or_default();
    match mode.as_str() {
        "serve" => serve(std::io::stdin(), std::io::stdout()).unwrap(),
        "sleep" => std::thread::sleep(Duration::from_mins(1)),
        "hoard" => hoard(),
        "--list" => list(),
        _ => run_all(&mode),
    }
}

/// The names, as test runners ask for them; none of them is ignored.
fn list() {
    if std::env::args().any(|argument| argument == "--ignored") {
        return;
    }
    for (name, _) in TESTS {
        println!("{name}: test");
    }
}

/// Asks for memory like a hostile file would, under the child's limits.
fn hoard() {
    let mut input = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin().take_some(), &mut input).unwrap();
    let limit = rustix::process::Rlimit {
        current: Some(256 << 20),
        maximum: Some(256 << 20),
    };
    rustix::process::setrlimit(rustix::process::Resource::As, limit).unwrap();
    let blocks: Vec<Vec<u8>> = (0..1024).map(|_| vec![1; 1 << 20]).collect();
    println!("{}", blocks.len());
}

trait TakeSome: Sized {
    fn take_some(self) -> std::io::Take<Self>;
}

impl TakeSome for std::io::Stdin {
    fn take_some(self) -> std::io::Take<Self> {
        std::io::Read::take(self, 16)
    }
}

fn launcher(mode: &str) -> Launcher {
    Launcher::new(std::env::current_exe().unwrap(), vec![mode.to_owned()])
}

/// Every test of this program, which is its own child.
const TESTS: [(&str, fn()); 7] = [
    (
        "several_questions_are_answered_by_one_child",
        several_questions,
    ),
    ("a_refusal_comes_back_as_the_same_value", refusal),
    ("a_child_that_takes_too_long_is_ended", too_long),
    ("a_child_that_runs_out_of_memory_is_reported", out_of_memory),
    ("a_program_that_is_not_there_is_reported", not_there),
    ("real_and_hostile_files_get_an_answer_in_time", corpus),
    ("no_child_is_left_behind", no_zombie),
];

fn run_all(filter: &str) {
    let chosen: Vec<_> = TESTS
        .into_iter()
        .filter(|(name, _)| name.contains(filter))
        .collect();
    for (name, test) in &chosen {
        test();
        println!("test {name} ... ok");
    }
    println!(
        "test result: ok. {} passed; 0 failed; 0 ignored",
        chosen.len()
    );
}

fn several_questions() {
    let file = plain(
        &[Sheet::LETTER],
        &words(72.0, 700.0, 12.0, "Sign here {{Name}}"),
    );
    let asks = [
        Ask::Inspect,
        Ask::Text { page: 1 },
        Ask::Tags,
        Ask::Anchor {
            text: "Sign here".into(),
            occurrence: 1,
        },
        Ask::Anchor {
            text: "nowhere".into(),
            occurrence: 1,
        },
        Ask::Render {
            page: 1,
            width_px: 300,
        },
        Ask::Normalise,
    ];
    let answers = launcher("serve").ask(&file, &asks).unwrap();
    assert!(matches!(&answers[0], Answer::Inspection(i) if i.pages.len() == 1));
    assert!(matches!(&answers[1], Answer::Text(runs) if runs[0].text == "Sign here"));
    assert!(matches!(&answers[2], Answer::Tags(tags) if tags[0].name == "Name"));
    assert!(matches!(&answers[3], Answer::Anchor(Some(_))));
    assert!(matches!(&answers[4], Answer::Anchor(None)));
    assert!(matches!(&answers[5], Answer::Image(png) if png.starts_with(b"\x89PNG")));
    assert!(matches!(&answers[6], Answer::Normalised(pdf) if pdf.starts_with(b"%PDF-")));
}

fn refusal() {
    let refused = launcher("serve").ask(b"PK", &[Ask::Inspect, Ask::Tags]);
    assert!(matches!(refused, Err(ChildError::Refused(Refusal::NotPdf))));
    let small = Launcher {
        limits: Limits {
            bytes_max: 1,
            ..Limits::default()
        },
        ..launcher("serve")
    };
    let refused = small.ask(b"%PDF-1.7", &[Ask::Inspect]);
    assert!(matches!(
        refused,
        Err(ChildError::Refused(Refusal::TooLarge { bytes: 8, max: 1 }))
    ));
}

fn too_long() {
    let hasty = Launcher {
        wall_clock: Duration::from_millis(200),
        ..launcher("sleep")
    };
    let start = Instant::now();
    // Larger than a pipe holds, so that writing blocks too.
    let ended = hasty.ask(&vec![0; 4 << 20], &[Ask::Inspect]);
    assert!(matches!(ended, Err(ChildError::Timeout(_))));
    assert!(start.elapsed() < Duration::from_secs(5));
}

fn out_of_memory() {
    let ended = launcher("hoard").ask(b"%PDF-1.7 some bytes", &[Ask::Inspect]);
    assert!(matches!(ended, Err(ChildError::Crashed(_))), "{ended:?}");
}

fn not_there() {
    let nobody = Launcher::new("/nonexistent/program".into(), vec![]);
    assert!(matches!(
        nobody.ask(b"%PDF-", &[Ask::Inspect]),
        Err(ChildError::Io(_))
    ));
}

/// Every file of the corpus (each seventh by default) is answered, refused or ended in time.
fn corpus() {
    let Some(folder) = support::corpus() else {
        return;
    };
    let every = std::env::var("DEEDBOX_PDF_CORPUS_EVERY")
        .ok()
        .and_then(|n| n.parse().ok());
    let files = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|d| d.path().is_dir());
    let mut files: Vec<_> = files
        .flat_map(|d| fs::read_dir(d.path()).unwrap().flatten())
        .map(|f| f.path())
        .collect();
    files.sort();
    let asks = [
        Ask::Inspect,
        Ask::Text { page: 1 },
        Ask::Tags,
        Ask::Render {
            page: 1,
            width_px: 800,
        },
    ];
    let mut ends = std::collections::BTreeMap::new();
    for path in files.iter().step_by(every.unwrap_or(7)) {
        let start = Instant::now();
        let end = match launcher("serve").ask(&fs::read(path).unwrap(), &asks) {
            Ok(answers) => {
                assert_eq!(answers.len(), asks.len());
                "answered".to_owned()
            }
            Err(ChildError::Refused(refusal)) => format!("refused: {}", refusal.code()),
            Err(ChildError::Timeout(_)) => format!("out of time: {}", path.display()),
            Err(ChildError::Crashed(how)) => format!("out of bounds, {how}: {}", path.display()),
            Err(error @ ChildError::Io(_)) => panic!("{}: {error}", path.display()),
        };
        assert!(
            start.elapsed() < Duration::from_secs(12),
            "{}",
            path.display()
        );
        *ends.entry(end).or_insert(0) += 1;
    }
    for (end, count) in ends {
        println!("{count:5} {end}");
    }
}

fn no_zombie() {
    let me = std::process::id();
    let children = fs::read_to_string(format!("/proc/{me}/task/{me}/children")).unwrap_or_default();
    assert_eq!(children.trim(), "");
}

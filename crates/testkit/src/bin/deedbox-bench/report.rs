//! The table.

use std::fmt::{Display, Formatter, Result};
use std::time::Duration;

/// What a figure is to be compared with.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

#[derive(Debug)]
struct Line {
    what: String,
    figure: f64,
    unit: &'static str,
    goal: Goal,
}

impl Line {
    fn is_met(&self) -> bool {
        match self.goal {
            Goal::AtMost(limit) => self.figure <= limit,
            Goal::AtLeast(limit) => self.figure >= limit,
        }
    }
}

/// Everything measured, in the order of measuring.
#[derive(Debug, Default)]
pub struct Report(Vec<Line>);

impl Report {
    /// Adds a figure, and says it at once, since a run takes a while.
    pub fn add(&mut self, what: impl Into<String>, figure: f64, unit: &'static str, goal: Goal) {
        let what = what.into();
        eprintln!("bench: {what}: {} {unit}", number(figure));
        self.0.push(Line {
            what,
            figure,
            unit,
            goal,
        });
    }

    /// Adds a time in milliseconds.
    pub fn add_time(&mut self, what: impl Into<String>, time: Duration, goal_ms_max: f64) {
        self.add(what, milliseconds(time), "ms", Goal::AtMost(goal_ms_max));
    }
}

/// A time in milliseconds.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The value below which this part of all values lies, e.g. 0.5 for the median.
pub fn quantile(values: &mut [Duration], part: f64) -> Duration {
    values.sort_unstable();
    let last = values.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a list that fits in memory"
    )]
    let at = (last as f64 * part).round() as usize;
    values.get(at).copied().unwrap_or_default()
}

fn number(figure: f64) -> String {
    let digits = if figure >= 100.0 {
        0
    } else if figure >= 10.0 {
        1
    } else {
        2
    };
    format!("{figure:.digits$}")
}

impl Display for Report {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        writeln!(out, "| what | measured | goal | |\n|---|---|---|---|")?;
        for line in &self.0 {
            let (sign, limit) = match line.goal {
                Goal::AtMost(limit) => ('≤', limit),
                Goal::AtLeast(limit) => ('≥', limit),
            };
            let verdict = if line.is_met() { "met" } else { "missed" };
            let (figure, limit) = (number(line.figure), number(limit));
            let unit = line.unit;
            writeln!(
                out,
                "| {} | {figure} {unit} | {sign} {limit} {unit} | {verdict} |",
                line.what
            )?;
        }
        Ok(())
    }
}

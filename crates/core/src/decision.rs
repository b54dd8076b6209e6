//! A decision: what happened, whom to tell, and what must still happen, all to be committed together.

use crate::announcement::{Announcement, Body, Notice};
use crate::context::Context;
use crate::event::Event;
use crate::evidence::chain::{Chain, Entry};
use crate::evidence::seal::DataKey;
use crate::ids::OrgId;
use crate::job::Job;

/// What a command means. Nothing of it has happened until it is committed at the expected version.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Whom to tell of what.
    pub notices: Vec<Notice>,
    /// What must still happen.
    pub jobs: Vec<Job>,
}

impl Decision {
    /// The command was already carried out: the same answer again, and nothing new.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Whether nothing happens.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.events.is_empty() && self.notices.is_empty() && self.jobs.is_empty()
    }

    /// Adds an event.
    #[must_use]
    pub fn event(mut self, event: impl Into<Event>) -> Self {
        self.events.push(event.into());
        self
    }

    /// Adds an announcement to an organization.
    #[must_use]
    pub fn tell(mut self, org_id: &OrgId, body: Body) -> Self {
        self.notices.push(Notice {
            org_id: org_id.clone(),
            body,
        });
        self
    }

    /// Adds a job.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Adds several jobs.
    #[must_use]
    pub fn jobs(mut self, jobs: impl IntoIterator<Item = Job>) -> Self {
        self.jobs.extend(jobs);
        self
    }

    /// Adds another decision after this one.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.events.extend(next.events);
        self.notices.extend(next.notices);
        self.jobs.extend(next.jobs);
        self
    }

    /// Turns the decision into chained entries and numbered announcements; moves the chain's end.
    #[must_use]
    pub fn record(&self, chain: &mut Chain, ctx: &Context, key: &DataKey) -> Outcome {
        let first = chain.seq;
        let entries = self
            .events
            .iter()
            .map(|event| chain.append(event, ctx, key))
            .collect();
        let announce = |(index, notice): (usize, &Notice)| Announcement {
            // The chain's position makes ids of two decisions under one context differ.
            event_id: ctx.id(&format!("event/{first}/{index}")),
            org_id: notice.org_id.clone(),
            envelope_id: Some(chain.envelope_id.clone()),
            timestamp: ctx.now,
            body: notice.body.clone(),
        };
        Outcome {
            entries,
            announcements: self.notices.iter().enumerate().map(announce).collect(),
            jobs: self.jobs.clone(),
        }
    }
}

/// What the store commits in one transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// New entries of the record's chain.
    pub entries: Vec<Entry>,
    /// New announcements, in order.
    pub announcements: Vec<Announcement>,
    /// New jobs.
    pub jobs: Vec<Job>,
}

impl Outcome {
    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.entries.is_empty() && self.announcements.is_empty() && self.jobs.is_empty()
    }

    /// Adds the outcome of a further command of the same transaction.
    pub fn extend(&mut self, next: Self) {
        self.entries.extend(next.entries);
        self.announcements.extend(next.announcements);
        self.jobs.extend(next.jobs);
    }
}

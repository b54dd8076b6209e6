//! Tests of the core as its callers use it: whole records, through commands only.

mod compliance;
mod custody_table;
mod envelope_table;
mod evidence;
mod golden;
mod histories;
mod steps;
mod templates;
mod world;

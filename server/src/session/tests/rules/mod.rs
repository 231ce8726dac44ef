//! The numbered behaviours of docs/SPEC.md that the core decides, one file per section.

mod time;

//! The numbered behaviours of docs/SPEC.md that the core decides, one file per section.

mod agree;
mod case;
mod chair;
mod display;
mod door;
mod ending;
mod firm;
mod floor;
mod hands;
mod join;
mod life;
mod lobby;
mod methods;
mod moving;
mod pause;
mod plan;
mod pres;
mod recognise;
mod reminders;
mod restore;
mod round;
mod steer;
mod time;
mod turns;
mod undo;
mod view;

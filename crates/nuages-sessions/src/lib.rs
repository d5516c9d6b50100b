//! Django's sessions: one dictionary for each visitor, in every engine

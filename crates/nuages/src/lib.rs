//! A Django-style web framework: the facade that assembles an application

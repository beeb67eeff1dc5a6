"""The demonstration: personas, sample, drill. Installed by project.settings.demo alone (and by tests)."""

"""Settings: `live` for a real installation, `demo` for the drill, `test` for tests; `base` is what they share."""

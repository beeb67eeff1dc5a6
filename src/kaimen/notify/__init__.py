"""Messages out: in-app, e-mail, text message, paper. Texts come from the pack; every delivery is a row."""

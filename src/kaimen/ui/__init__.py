"""What every page of every part uses: base templates, components, static files, spreadsheets in and out."""

"""Case types (事项) as a pack defines them: fields, documents, steps, clocks; when each step opens and is due."""

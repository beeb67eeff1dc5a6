"""The register: one file for each person, organisation, place and area, and who may do what."""

"""What happens at a door and needs somebody within minutes: a fever, an obstruction. One row, its clock, its acts."""

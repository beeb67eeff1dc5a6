"""Jobs at their times: each due slot runs once, with any number of workers, also after the machine slept."""

"""How much of a file is read, and what reading it may cost. A list of 20,000 people needs a tenth of this."""

ROWS = 20_100  # 20,000 people, titles and notes
COLUMNS = 256
SHEETS = 50
CHARACTERS = 16_000_000  # in all cells together
CELL_CHARACTERS = 2_000

ENTRIES = 2_000  # files inside an .xlsx or .ods
INFLATED = 192 * 1024 * 1024  # bytes, all entries together
RATIO = 300  # inflated to packed, of an entry above a mebibyte; a sheet of one repeated name reaches about 150

MEMORY = 768 * 1024 * 1024  # address space of the child that reads
SECONDS = 20  # of processor time
PATIENCE = 40  # seconds on the wall

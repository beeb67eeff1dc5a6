"""The WSGI application granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaimen.project.settings.live")
application = get_wsgi_application()

# A batch of a thousand entries makes ten thousand lists, none in a circle. What is loaded stays; it is not gone
# through again and again in search of circles, and neither is every few hundredth list that is made.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)

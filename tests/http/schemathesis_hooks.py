"""What schemathesis has to be told."""
import schemathesis


@schemathesis.hook
def after_call(_context, _case, response):
    """JSON is UTF-8 (RFC 8259). requests guesses otherwise: by GBK, whose second bytes may be a backslash, it breaks."""
    response.encoding = "utf-8"

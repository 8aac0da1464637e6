"""Flask hello: what routing, a request context and a response cost."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """A greeting."""
    return "Hello\n"

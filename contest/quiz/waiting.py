"""What waits in Redis for a worker to work it out, one worker each; the reads and services of analyses, previews and compared questions keep theirs here."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import redis
import structlog

from contest.core import clock, queue

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Waiting:
    """Words that were asked for under one name, what their workers say, and what they brought.

    A word is forgotten when no worker has brought it `lasts` after it was asked for. A worker that says nothing for `silent` seconds is believed to be
    dead, and what it held is taken up again; how far it was is believed for `believed` seconds.
    """

    name: str
    lasts: timedelta
    silent: int = 60
    believed: int = 120

    @property
    def asked(self) -> str:
        """The Redis key of the words that were asked for, by when."""
        return f"{self.name}:asked"

    def key(self, word: str) -> str:
        """The Redis key under which what was worked out is kept."""
        return f"{self.name}:{word}"

    def progress_key(self, word: str) -> str:
        """The Redis key under which a worker says how far it is."""
        return f"{self.key(word)}:progress"

    def held(self, word: str) -> str:
        """The Redis key that stands while a worker has the word."""
        return f"{self.key(word)}:at-work"

    def ask(self, word: str) -> bool:
        """Let a word wait; False when it does already. Raises redis.RedisError."""
        self._forget()
        return bool(queue.connection().zadd(self.asked, {word: clock.now().timestamp()}, nx=True))

    def take(self) -> str | None:
        """The word that waits longest of those that no living worker has, held for `silent` seconds; None when there is none or Redis is silent."""
        try:
            self._forget()
            client = queue.connection()
            words = [word.decode() for word in cast("list[bytes]", client.zrange(self.asked, 0, -1))]
            return next((word for word in words if client.set(self.held(word), 1, nx=True, ex=self.silent)), None)
        except redis.RedisError as error:
            log.warning("waiting_not_taken", name=self.name, error=type(error).__name__)
            return None

    def tell(self, word: str, done: object) -> None:
        """Say how far the worker that has the word is, and that it lives; a Redis that is silent does not keep it from its work."""
        try:
            client = queue.connection()
            client.set(self.progress_key(word), str(done), ex=self.believed)
            client.set(self.held(word), 1, ex=self.silent)
        except redis.RedisError as error:
            log.warning("waiting_not_told", name=self.name, error=type(error).__name__)

    def leave(self, word: str) -> None:
        """Nobody works at the word and it waits no more; where Redis is silent it is worked out once more later."""
        try:
            client = queue.connection()
            client.zrem(self.asked, word)
            client.delete(self.progress_key(word), self.held(word))
        except redis.RedisError as error:
            log.warning("waiting_not_left", name=self.name, error=type(error).__name__)

    def kept(self, word: str) -> bytes | None:
        """What was worked out last; None where there is nothing or Redis is silent."""
        return self._read(self.key(word))

    def told(self, word: str) -> bytes | None:
        """How far the worker said it is; None where it said nothing, or so long ago that it is not believed, or Redis is silent."""
        return self._read(self.progress_key(word))

    def waits(self, word: str) -> bool:
        """Whether the word was asked for and is not forgotten; False where Redis is silent."""
        try:
            asked = queue.connection().zscore(self.asked, word)
        except redis.RedisError as error:
            log.warning("waiting_not_read", name=self.name, error=type(error).__name__)
            return False
        return isinstance(asked, float) and asked > self._oldest()

    def _forget(self) -> None:
        queue.connection().zremrangebyscore(self.asked, 0, self._oldest())

    def _oldest(self) -> float:
        return (clock.now() - self.lasts).timestamp()

    def _read(self, key: str) -> bytes | None:
        try:
            content = queue.connection().get(key)
        except redis.RedisError as error:
            log.warning("waiting_not_read", name=self.name, error=type(error).__name__)
            return None
        return content if isinstance(content, bytes) else None

"""What waits in Redis for a worker to work it out, one worker each; the reads and services of analyses, previews and compared questions keep theirs here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import redis
import structlog

from contest.core import clock, queue
from contest.core.turns import NoTurn

log = structlog.get_logger(__name__)
MOST_TRIES = 3  # workers that may die over one word


@dataclass(frozen=True)
class Waiting:
    """Words that were asked for under one name, what their workers say, and what they brought.

    A word is forgotten when no worker has brought it `lasts` after it was asked for. A worker that says nothing for `silent` seconds is believed to be
    dead, and what it held is taken up again; how far it was is believed for `believed` seconds. A word at which MOST_TRIES workers died, or one broke off, is
    not taken up again until somebody asks: for `lasts` pages may say that it has failed.
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

    def tries(self, word: str) -> str:
        """The Redis key that counts the workers that took the word."""
        return f"{self.key(word)}:tries"

    def failure(self, word: str) -> str:
        """The Redis key that stands once the word has failed."""
        return f"{self.key(word)}:failed"

    def ask(self, word: str) -> bool:
        """Let a word wait, whatever became of it before; False when it does already. Raises redis.RedisError."""
        self._forget()
        client = queue.connection()
        client.delete(self.failure(word))
        return bool(client.zadd(self.asked, {word: clock.now().timestamp()}, nx=True))

    def take(self) -> str | None:
        """The word that waits longest of those that no living worker has, held for `silent` seconds; None when there is none or Redis is silent."""
        try:
            self._forget()
            client = queue.connection()
            for word in [word.decode() for word in cast("list[bytes]", client.zrange(self.asked, 0, -1))]:
                if not client.set(self.held(word), 1, nx=True, ex=self.silent):
                    continue
                tried = cast("int", client.incr(self.tries(word)))
                client.expire(self.tries(word), self.lasts)
                if tried <= MOST_TRIES:
                    return word
                self._fail(word, "its workers died")
            return None
        except redis.RedisError as error:
            log.warning("waiting_not_taken", name=self.name, error=type(error).__name__)
            return None

    @contextmanager
    def at_work(self, word: str) -> Iterator[None]:
        """Work at a word that was taken and leave it at the end; where the work breaks off, whoever looks is told that it has failed.

        What only did not get its turn to write waits on; so does, until nobody is believed to be at it, what a worker that is ended lets fall.
        """
        try:
            yield
        except NoTurn:
            self._let_go(word)
            raise
        except Exception as error:
            self._fail(word, type(error).__name__)
            raise
        self.leave(word)

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
            client.delete(self.progress_key(word), self.held(word), self.tries(word))
        except redis.RedisError as error:
            log.warning("waiting_not_left", name=self.name, error=type(error).__name__)

    def kept(self, word: str) -> bytes | None:
        """What was worked out last; None where there is nothing or Redis is silent."""
        return self._read(self.key(word))

    def told(self, word: str) -> bytes | None:
        """How far the worker said it is; None where it said nothing, or so long ago that it is not believed, or Redis is silent."""
        return self._read(self.progress_key(word))

    def failed(self, word: str) -> bool:
        """Whether the work at the word broke off and nobody asked again; False where Redis is silent."""
        return self._read(self.failure(word)) is not None

    def waits(self, word: str) -> bool:
        """Whether the word was asked for and is not forgotten; False where Redis is silent."""
        try:
            asked = queue.connection().zscore(self.asked, word)
        except redis.RedisError as error:
            log.warning("waiting_not_read", name=self.name, error=type(error).__name__)
            return False
        return isinstance(asked, float) and asked > self._oldest()

    def _fail(self, word: str, why: str) -> None:
        log.error("waiting_failed", name=self.name, word=word, why=why)
        try:
            queue.connection().set(self.failure(word), 1, ex=self.lasts)
        except redis.RedisError as error:
            log.warning("waiting_failure_not_kept", name=self.name, error=type(error).__name__)
        self.leave(word)

    def _let_go(self, word: str) -> None:
        try:
            queue.connection().delete(self.held(word), self.tries(word))
        except redis.RedisError as error:
            log.warning("waiting_not_let_go", name=self.name, error=type(error).__name__)

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

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from serve.auth import Authenticator, Identity, InvalidKey, Key, address_group, main, read_keys
from serve.limiter import Limits

LIMITS = Limits(60, 1000, 60)


def known(key: str, name: str = "alice", admin: bool = False) -> Key:
    return Key(hashlib.sha256(key.encode()).hexdigest(), Identity(name, LIMITS, admin))


class TestIdentify:
    KEYS = (known("one"), known("two", "bob", admin=True))

    def test_a_known_key_says_who(self) -> None:
        authenticator = Authenticator(self.KEYS)
        assert authenticator.identify("Bearer one", "192.0.2.1").name == "alice"
        bob = authenticator.identify("bearer  two", None)
        assert bob == Identity("bob", LIMITS, admin=True, anonymous=False)

    @pytest.mark.parametrize("key", ["three", "on", "onee", "ONE", "einé", "\x00", "a" * 10_000])
    def test_an_unknown_key_is_refused_and_not_repeated(self, key: str) -> None:
        for anonymous in (None, LIMITS):  # even where none is needed
            with pytest.raises(InvalidKey) as caught:
                Authenticator(self.KEYS, anonymous).identify(f"Bearer {key}", "192.0.2.1")
            assert caught.value.code == "invalid_api_key"
            assert str(caught.value) == "the API key is not known here"

    def test_the_hash_is_no_key(self) -> None:
        with pytest.raises(InvalidKey):
            Authenticator(self.KEYS).identify(f"Bearer {self.KEYS[0].sha256}", None)

    @pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  "])
    def test_no_key(self, header: str | None) -> None:
        with pytest.raises(InvalidKey, match="an API key is needed"):
            Authenticator(self.KEYS).identify(header, "192.0.2.1")
        identity = Authenticator(self.KEYS, LIMITS).identify(header, "192.0.2.1")
        assert identity == Identity("anonymous:192.0.2.1", LIMITS, admin=False, anonymous=True)

    @pytest.mark.parametrize("header", ["Basic b25l", "one", "Bearer one two", "Bearerone"])
    def test_another_scheme_is_refused(self, header: str) -> None:
        for keys, anonymous in ((self.KEYS, None), ((), LIMITS)):
            with pytest.raises(InvalidKey, match="must be: Bearer KEY"):
                Authenticator(keys, anonymous).identify(header, "192.0.2.1")

    def test_without_keys_any_key_is_nobody_s(self) -> None:
        """OpenAI's client has to be given one."""
        identity = Authenticator((), LIMITS).identify("Bearer unused", "192.0.2.1")
        assert identity.anonymous

    def test_every_key_is_compared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Wherever the key stands: the time taken does not tell."""
        compared: list[str] = []

        def compare(one: str, other: str) -> bool:
            compared.append(one)
            return one == other

        monkeypatch.setattr("serve.auth.hmac.compare_digest", compare)
        for key in ("one", "two"):
            Authenticator(self.KEYS).identify(f"Bearer {key}", None)
        assert compared == [row.sha256 for row in self.KEYS] * 2


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        (None, "unknown"),
    ],
)
def test_addresses_that_count_as_one_caller(address: str | None, group: str) -> None:
    assert address_group(address) == group


class TestKeysFile:
    HASH = hashlib.sha256(b"one").hexdigest()

    def read(self, folder: Path, text: str) -> tuple[Key, ...]:
        path = folder / "keys.toml"
        path.write_text(text, encoding="utf-8")
        return read_keys(path)

    def test_fields_and_defaults(self, tmp_path: Path) -> None:
        other = hashlib.sha256(b"two").hexdigest()
        text = f"""
            [keys.alice]
            sha256 = "{self.HASH}"
            requests_per_minute = 6
            tokens_per_minute = 500.5
            burst_s = 120
            admin = true
            [keys.bob]
            sha256 = "{other}"
        """
        assert self.read(tmp_path, text) == (
            Key(self.HASH, Identity("alice", Limits(6, 500.5, 120), admin=True)),
            Key(other, Identity("bob", Limits(), admin=False)),
        )

    def test_an_empty_file_knows_no_key(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "") == ()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[keys.a", "not a TOML file"),
            ("[key.a]", "only tables"),
            ("keys = 1", "only tables"),
            ("[keys]\na = 1", r"\[keys.a\]: must be a table"),
            ('[keys."a b"]', r"\[keys.a b\]: a name is 1 to 64"),
            ('[keys."anonymous:x"]', "a name is 1 to 64"),
            ("[keys.a]", "sha256 must be 64"),
            ("[keys.a]\nsha256 = 'one'", "sha256 must be 64"),
            ("[keys.a]\nsha256 = 'HASH'\nadmin = 1", "admin must be true or false, got 1"),
            ("[keys.a]\nsha256 = 'HASH'\nrpm = 1", "unknown field rpm"),
            ("[keys.a]\nsha256 = 'HASH'\nburst_s = true", "burst_s must be a number, got True"),
            ("[keys.a]\nsha256 = 'HASH'\nburst_s = '1'", "burst_s must be a number, got '1'"),
            ("[keys.a]\nsha256 = 'HASH'\nburst_s = nan", "burst_s must be a finite number"),
            ("[keys.a]\nsha256 = 'HASH'\n[keys.b]\nsha256 = 'HASH'", r"b\]: the same key as .*a\]"),
        ],
    )
    def test_what_is_wrong_is_named(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(ValueError, match=message) as caught:
            self.read(tmp_path, text.replace("HASH", self.HASH))
        assert str(tmp_path / "keys.toml") in str(caught.value)

    def test_not_utf8(self, tmp_path: Path) -> None:
        path = tmp_path / "keys.toml"
        path.write_bytes(b"\xff")
        with pytest.raises(ValueError, match="not a TOML file"):
            read_keys(path)


class TestNew:
    def test_the_key_that_is_printed_is_the_one_that_is_known(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["new", "alice", "--admin"])
        key, _, lines = capsys.readouterr().out.partition("\n\n")
        path = tmp_path / "keys.toml"
        path.write_text(lines, encoding="utf-8")
        assert key not in lines
        assert re.fullmatch(r"mlk_[A-Za-z0-9_-]{43}", key)  # 43 digits of 6 bits hold 256
        identity = Authenticator(read_keys(path)).identify(f"Bearer {key}", None)
        assert identity == Identity("alice", Limits(), admin=True)

    def test_no_two_are_alike(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["new", "a"])
        main(["new", "b"])
        out = capsys.readouterr().out.splitlines()
        rows = tomllib.loads("\n".join(line for line in out if not line.startswith("mlk_")))
        assert rows["keys"]["a"]["sha256"] != rows["keys"]["b"]["sha256"]
        assert rows["keys"]["a"]["admin"] is False

    @pytest.mark.parametrize("argv", [["new", "a b"], ["new"], [], ["old", "a"]])
    def test_bad_use_is_one_line(self, argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as caught:
            main(argv)
        assert caught.value.code == 2
        err = capsys.readouterr().err
        assert err.startswith("error: ")
        assert err.count("\n") == 1

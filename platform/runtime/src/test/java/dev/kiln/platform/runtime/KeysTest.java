package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.runtime.Keys.Key;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
    /** The key of RFC 8032, section 7.3 (Ed25519ph of "abc"), made PEM by openssl 3.0. */
    private static final String PRIVATE =
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIIM/5iQJI3udYux3WHUgkR6adZzsHRl1W32pAbltyj1C
            -----END PRIVATE KEY-----
            """;

    private static final String PUBLIC =
            """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEA7Bcrk61eVjv0kyxw4SRQNMNUZ+8u/U1k6/gZaDRn4r8=
            -----END PUBLIC KEY-----
            """;

    private static final String SIGNATURE_OF_ABC =
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
                    + "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406";

    @TempDir private Path folder;
    private Keys keys;

    @BeforeEach
    void setUp() {
        keys = new Keys(folder.resolve("keys"));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static void refused(String message, Executable executable) {
        InvalidInput error = assertThrows(InvalidInput.class, executable);
        assertTrue(error.getMessage().contains(message), error::getMessage);
    }

    @Test
    void signaturesAreThoseOfTheStandard() throws IOException {
        Path message = file("message", "abc");
        byte[] signature = HexFormat.of().parseHex(SIGNATURE_OF_ABC);
        assertArrayEquals(signature, Ed25519.sign(file("k", PRIVATE), message));
        Path key = file("k.pub", PUBLIC);
        assertTrue(Ed25519.verify(Ed25519.publicKey(key), message, signature));
        signature[3] ^= 1;
        assertFalse(Ed25519.verify(Ed25519.publicKey(key), message, signature));
    }

    @Test
    void aKeyThatIsAddedIsTrustedAndCannotSign() throws IOException {
        Key key = keys.add("acme", file("a.pub", PUBLIC));
        // openssl pkey -pubin -in a.pub -outform DER | openssl dgst -sha256 -binary | base64
        assertEquals("SHA256:5320qVcun2VSwivHUdVJmtIYpzvffhXcbqD8aSRqRN4", key.fingerprint());
        assertEquals(List.of(key), keys.list());
        assertFalse(key.own());
        refused("the private key of 'acme' is not here", () -> keys.sign(key.file(), "acme"));
        refused("there is no key 'acne'; there are: acme", () -> keys.sign(key.file(), "acne"));
        keys.remove("acme", false);
        assertEquals(List.of(), keys.list());
    }

    @Test
    void aKeyThatIsMadeCanBeReadByItsOwnerOnly() throws IOException {
        Key key = keys.generate("mine");
        assertTrue(key.own());
        Path secret = folder.resolve("keys/mine.key");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        Path message = file("message", "abc");
        Path signature = keys.sign(message, "mine");
        assertEquals(folder.resolve("message.sig"), signature);
        assertEquals(key.fingerprint(), Files.readAllLines(signature).getFirst().substring(5));
    }

    @Test
    void whatIsNoKeyOrNoNameIsRefused() throws IOException {
        Path secret = file("k", PRIVATE);
        refused("expected an Ed25519 public key in PEM", () -> keys.add("a", secret));
        refused("there is no file ", () -> keys.add("a", folder.resolve("none")));
        Path good = file("k.pub", PUBLIC);
        refused("expected a name of a-z, 0-9 and -", () -> keys.add("../a", good));
        refused("expected a name of a-z, 0-9 and -", () -> keys.generate("nul"));
        keys.add("a", good);
        refused("there is a key 'a' already", () -> keys.add("a", good));
        refused("there is a key 'a' already", () -> keys.generate("a"));
        refused("k.pub is trusted already, as 'a'", () -> keys.add("b", good));
    }
}

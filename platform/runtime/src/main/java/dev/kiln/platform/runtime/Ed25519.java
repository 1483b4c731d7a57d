package dev.kiln.platform.runtime;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ed25519 signatures of files (RFC 8032). It is Ed25519ph, which hashes the file with SHA-512 first,
 * so that a file of any size is read once and kept nowhere.
 */
final class Ed25519 {
    private static final String ALGORITHM = "Ed25519";
    private static final EdDSAParameterSpec PREHASHED = new EdDSAParameterSpec(true);
    private static final long MOST_BYTES = 4096;
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Ed25519() {}

    static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
    }

    static byte[] sign(Path secret, Path file) throws IOException {
        PrivateKey key = privateKey(secret);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.setParameter(PREHASHED);
            signature.initSign(key);
            feed(signature, file);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verify(PublicKey key, Path file, byte[] bytes) throws IOException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.setParameter(PREHASHED);
            signature.initVerify(key);
            feed(signature, file);
            return signature.verify(bytes);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void feed(Signature signature, Path file)
            throws IOException, SignatureException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                signature.update(buffer, 0, n);
            }
        }
    }

    /**
     * The fingerprint of a public key.
     *
     * @throws InvalidInput when the file has none in PEM
     */
    static String fingerprint(Path file) {
        try {
            return "SHA256:"
                    + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(Sha256.of(encoded(file, "PUBLIC")));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInput(file + ": expected an Ed25519 public key in PEM", e);
        }
    }

    static String pem(Key key) {
        String kind = key instanceof PublicKey ? "PUBLIC" : "PRIVATE";
        return "-----BEGIN "
                + kind
                + " KEY-----\n"
                + LINES.encodeToString(key.getEncoded())
                + "\n-----END "
                + kind
                + " KEY-----\n";
    }

    /**
     * Reads a public key.
     *
     * @throws InvalidInput when the file has none in PEM
     */
    static PublicKey publicKey(Path file) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(encoded(file, "PUBLIC")));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new InvalidInput(file + ": expected an Ed25519 public key in PEM", e);
        }
    }

    private static PrivateKey privateKey(Path file) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded(file, "PRIVATE")));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new InvalidInput(file + ": expected an Ed25519 private key in PEM", e);
        }
    }

    /** What stands between the two marks of PEM (RFC 7468). */
    private static byte[] encoded(Path file, String kind) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput("there is no file " + file);
        }
        String text =
                Files.size(file) > MOST_BYTES
                        ? ""
                        : Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher matcher =
                Pattern.compile(
                                "\\s*-----BEGIN KIND KEY-----([A-Za-z0-9+/=\\s]*)-----END KIND KEY-----\\s*"
                                        .replace("KIND", kind))
                        .matcher(text);
        if (!matcher.matches()) {
            throw new IOException("no PEM");
        }
        return Base64.getMimeDecoder().decode(matcher.group(1));
    }
}

package dev.kiln.platform.runtime;

import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Ed25519 keys that the user trusts, by names that the user gave them: {@code NAME.pub}, and
 * beside it {@code NAME.key} where the user has the private one too. Both are PEM.
 */
public final class Keys {
    static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}";
    private static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";
    private static final String PUBLIC = ".pub";
    private static final String PRIVATE = ".key";

    private final Path folder;

    Keys(Path folder) {
        this.folder = folder;
    }

    /**
     * A trusted key.
     *
     * @param fingerprint {@code SHA256:} and the hash of the encoded key in Base64
     * @param file with the public key
     * @param own whether the user can sign with it
     */
    public record Key(String name, String fingerprint, Path file, boolean own) {}

    /** All keys, by name. */
    public List<Key> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Key> keys = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(PUBLIC)).sorted().toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.pub$", "");
                keys.add(key(name, file));
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The trusted key of a fingerprint. */
    Optional<Key> find(String fingerprint) {
        return list().stream().filter(key -> key.fingerprint().equals(fingerprint)).findFirst();
    }

    /**
     * Who signed an archive.
     *
     * @param signer empty when no trusted key did
     * @param otherwise why not
     */
    record Trust(Optional<Key> signer, String otherwise) {}

    /**
     * Checks an archive's signature.
     *
     * @param signature may not exist
     * @throws PluginRefused when a trusted key is said to have signed the archive, but did not
     */
    Trust trust(Path signature, Path archive) throws IOException, PluginRefused {
        if (!Files.exists(signature, LinkOption.NOFOLLOW_LINKS)) {
            return new Trust(Optional.empty(), "it is not signed: there is no " + signature);
        }
        ArchiveSignature claim = ArchiveSignature.read(signature);
        Optional<Key> signer = find(claim.key());
        if (signer.isEmpty()) {
            return new Trust(
                    Optional.empty(),
                    "it is signed by " + claim.key() + ", which is none of the trusted keys");
        }
        PublicKey key = Ed25519.publicKey(signer.get().file());
        if (!Ed25519.verify(key, archive, claim.bytes())) {
            throw new PluginRefused(
                    "it is not what "
                            + signer.get().name()
                            + " signed: it or its signature was changed since");
        }
        return new Trust(signer, "");
    }

    private Key key(String name, Path file) {
        boolean own = Files.exists(folder.resolve(name + PRIVATE));
        return new Key(name, Ed25519.fingerprint(file), file, own);
    }

    /**
     * Trusts a key.
     *
     * @param file a PEM file with an Ed25519 public key
     * @throws InvalidInput when it is none, another key has the name, or it has another name already
     */
    public Key add(String name, Path file) throws IOException {
        PublicKey key = Ed25519.publicKey(file);
        Path target = file(checked(name), PUBLIC);
        if (Files.exists(target)) {
            throw taken(name);
        }
        Optional<Key> same = find(Ed25519.fingerprint(file));
        if (same.isPresent()) {
            // Else who removes one of the two would go on trusting it.
            throw new InvalidInput(file + " is trusted already, as '" + same.get().name() + "'");
        }
        AtomicFile.write(target, Ed25519.pem(key));
        return key(name, target);
    }

    /**
     * Makes a key pair, and trusts it. Only the user can read the private key, which is not
     * encrypted.
     *
     * @throws InvalidInput when a key has the name already
     */
    public Key generate(String name) throws IOException {
        Path secret = file(checked(name), PRIVATE);
        Path open = file(name, PUBLIC);
        if (Files.exists(secret) || Files.exists(open)) {
            throw taken(name);
        }
        KeyPair pair = Ed25519.generate();
        try {
            writePrivate(secret, Ed25519.pem(pair.getPrivate()));
        } catch (FileAlreadyExistsException e) {
            throw taken(name);
        }
        AtomicFile.write(open, Ed25519.pem(pair.getPublic()));
        return key(name, open);
    }

    /** Nobody else can read the file, also while it is written; nothing is left of a half. */
    private void writePrivate(Path file, String text) throws IOException {
        Set<OpenOption> asNew = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel out = Files.newByteChannel(file, asNew, ownersOnly())) {
            try {
                Channels.newOutputStream(out).write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                Files.delete(file);
                throw new FileSystemException(file.toString(), null, e.getMessage());
            }
        }
    }

    private FileAttribute<?>[] ownersOnly() throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Trusts a key no longer.
     *
     * @param withPrivate whether a private key of the name is to be deleted too
     * @throws InvalidInput when no key has the name, or a private key would be lost
     */
    public void remove(String name, boolean withPrivate) throws IOException {
        Key key = named(name);
        if (key.own() && !withPrivate) {
            throw new InvalidInput(
                    "key '" + name + "' is your own: --private deletes its private key too");
        }
        Files.delete(key.file());
        Files.deleteIfExists(folder.resolve(name + PRIVATE));
    }

    /**
     * Signs a file, in {@code FILE.sig} beside it.
     *
     * @return the signature
     * @throws InvalidInput when the user has no private key of the name
     */
    public Path sign(Path file, String name) throws IOException {
        Key key = named(name);
        if (!key.own()) {
            throw new InvalidInput("the private key of '" + name + "' is not here");
        }
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput("there is no file " + file);
        }
        Path secret = folder.resolve(name + PRIVATE);
        Path target = ArchiveSignature.beside(file);
        AtomicFile.write(
                target, ArchiveSignature.of(key.fingerprint(), Ed25519.sign(secret, file)).text());
        return target;
    }

    private Key named(String name) {
        return list().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "there is no key '"
                                                + name
                                                + "'; there are: "
                                                + names(list())));
    }

    static String names(List<Key> keys) {
        return keys.isEmpty() ? "none" : String.join(", ", keys.stream().map(Key::name).toList());
    }

    private static String checked(String name) {
        if (!name.matches(NAME) || EntryNames.isDevice(name)) {
            throw new InvalidInput("expected a name of a-z, 0-9 and -, found '" + name + "'");
        }
        return name;
    }

    private Path file(String name, String ending) {
        try {
            Files.createDirectories(folder);
            return folder.resolve(name + ending);
        } catch (IOException e) {
            throw new InvalidInput("the folder for keys cannot be written to: " + folder, e);
        }
    }

    private static InvalidInput taken(String name) {
        return new InvalidInput("there is a key '" + name + "' already");
    }
}

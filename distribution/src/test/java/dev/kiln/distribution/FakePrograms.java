package dev.kiln.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Programs that launchers look for: shell scripts that say how they were called. */
final class FakePrograms {
    private FakePrograms() {}

    /** A JDK whose programs print their path and arguments. */
    static Path jdk(Path folder, int version) throws IOException {
        for (String program : new String[] {"java", "javac"}) {
            script(folder.resolve("bin").resolve(program), "echo \"$0 $*\"");
        }
        String release = String.format(Locale.ROOT, "JAVA_VERSION=\"%d.0.1\"%n", version);
        Files.writeString(folder.resolve("release"), release);
        return folder;
    }

    /** A script for the shell that may be executed. */
    static Path script(Path file, String lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot be made executable: " + file);
        }
        return file;
    }
}

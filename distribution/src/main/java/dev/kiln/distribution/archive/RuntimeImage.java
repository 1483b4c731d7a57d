package dev.kiln.distribution.archive;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;

/** A Java that jlink made of the one that runs this. */
record RuntimeImage(Path folder) {
    /** All of Java SE, which plugins may use, and what the platform and its plugins use beyond it. */
    private static final String MODULES =
            "java.se,jdk.crypto.ec,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.management.jfr,"
                    + "jdk.net,jdk.nio.mapmode,jdk.unsupported,jdk.zipfs";

    /** Makes it in a folder that does not exist. */
    static RuntimeImage link(Path folder) {
        StringWriter said = new StringWriter();
        ToolProvider jlink =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IllegalStateException("this Java has no jlink"));
        PrintWriter out = new PrintWriter(said);
        int status =
                jlink.run(
                        out,
                        out,
                        "--add-modules",
                        MODULES,
                        "--no-header-files",
                        "--no-man-pages",
                        "--disable-plugin",
                        "dedup-legal-notices", // makes links, which zip archives lose
                        "--output",
                        folder.toString());
        if (status != 0) {
            throw new IllegalStateException("jlink: " + said);
        }
        return new RuntimeImage(folder);
    }

    /** The licences of GCC's libraries, of which the JDK has one in it. */
    Path gccLicences() {
        return folder.resolve("legal/java.base/gcc.md");
    }

    Path java() {
        return folder.resolve("bin").resolve("java");
    }
}

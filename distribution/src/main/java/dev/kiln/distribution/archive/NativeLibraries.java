package dev.kiln.distribution.archive;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The native libraries of others in jars, which these jars' own bills say nothing of. One that is not
 * known here fails the build, since somebody has to look up its licence.
 */
final class NativeLibraries implements Jars.Visitor {
    private static final String GCC_RUNTIME = "GPL-3.0-or-later WITH GCC-exception-3.1";
    private static final Pattern FILE =
            Pattern.compile(
                    "(?:lib)?(?<name>.+?)(?:\\.so(?:\\.\\d+)*|(?:\\.\\d+)*\\.dylib|\\.dll)");

    /** Bindings of jars, under the licence of the jar. */
    private static final Pattern OF_THE_JAR = Pattern.compile("jni.*|nd4jcpu|jlinenative");

    /** SPDX expressions by the libraries' names. */
    private static final Map<String, String> LICENCES =
            Map.of(
                    "dnnl", "Apache-2.0",
                    "OpenCL", "Apache-2.0",
                    "openblas", "BSD-3-Clause",
                    "quadmath", "LGPL-2.1-or-later",
                    "gfortran", GCC_RUNTIME,
                    "gomp", GCC_RUNTIME,
                    "gcc_s", GCC_RUNTIME);

    private final SortedSet<Library> found = new TreeSet<>();

    /**
     * A library.
     *
     * @param licence as an SPDX expression
     */
    record Library(String file, String jar, String licence) implements Comparable<Library> {
        @Override
        public int compareTo(Library other) {
            return (file + " " + jar).compareTo(other.file + " " + other.jar);
        }
    }

    @Override
    public void visit(String jar, String path, InputStream content) {
        String file = Jars.fileName(path);
        Matcher matcher = FILE.matcher(file);
        if (matcher.matches() && !OF_THE_JAR.matcher(matcher.group("name")).matches()) {
            String licence = LICENCES.get(matcher.group("name"));
            if (licence == null) {
                throw new IllegalStateException(
                        "the licence of " + file + " in " + jar + ".jar is not known");
            }
            found.add(new Library(file, jar, licence));
        }
    }

    List<Library> found() {
        return List.copyOf(found);
    }
}

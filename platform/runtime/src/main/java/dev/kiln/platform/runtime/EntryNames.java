package dev.kiln.platform.runtime;

import static dev.kiln.platform.runtime.PluginRefused.quote;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of an archive's entries. Each must be one file inside a folder, on every system. */
final class EntryNames {
    private static final int LONGEST = 512;
    private static final int LONGEST_PART_BYTES = 255;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}<>:\"|?*]");
    private static final Pattern DEVICE =
            Pattern.compile(
                    "(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9¹²³])( *\\..*)?",
                    Pattern.CASE_INSENSITIVE);

    /** As they are written, by what file systems that know no case take them for. */
    private final Map<String, String> spellings = new HashMap<>();

    private final Set<String> entries = new HashSet<>();
    private final Set<String> parents = new HashSet<>();

    /**
     * Takes the next name.
     *
     * @param name a folder's ends with a slash
     */
    void add(String name) throws PluginRefused {
        boolean folder = name.endsWith("/");
        String path = folder ? name.substring(0, name.length() - 1) : name;
        check(name, path);
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            parents.add(parent);
            claim(parent);
            require(!entries.contains(parent), name, "is inside of a file");
        }
        claim(path);
        require(entries.add(folder ? name : path), name, "is there twice");
        boolean both =
                folder
                        ? entries.contains(path)
                        : parents.contains(path) || entries.contains(path + "/");
        require(!both, name, "is a file and a folder");
    }

    private void claim(String path) throws PluginRefused {
        String folded =
                Normalizer.normalize(path, Normalizer.Form.NFC)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
        String other = spellings.putIfAbsent(folded, path);
        if (other != null && !other.equals(path)) {
            throw new PluginRefused(
                    "its entries "
                            + quote(other)
                            + " and "
                            + quote(path)
                            + " are one on some systems");
        }
    }

    private static void check(String name, String path) throws PluginRefused {
        require(!path.isEmpty() && path.length() <= LONGEST, name, "has no name, or a long one");
        require(!path.startsWith("/") && !DRIVE.matcher(path).matches(), name, "leaves its folder");
        require(path.indexOf('\\') < 0, name, "has a backslash");
        for (String part : path.split("/", -1)) {
            require(!part.equals(".."), name, "leaves its folder");
            require(
                    !part.isEmpty()
                            && !part.equals(".")
                            && part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PART_BYTES,
                    name,
                    "is no plain path");
            require(
                    !part.endsWith(".") && !part.endsWith(" ") && !FORBIDDEN.matcher(part).find(),
                    name,
                    "has a name that some systems do not allow");
            require(!isDevice(part), name, "has the name of a device on some systems");
        }
    }

    /** Whether a name is that of a device on Windows, with an extension or without. */
    static boolean isDevice(String name) {
        return DEVICE.matcher(name).matches();
    }

    private static void require(boolean holds, String name, String otherwise) throws PluginRefused {
        if (!holds) {
            throw new PluginRefused("its entry " + quote(name) + " " + otherwise);
        }
    }
}

# Sourced by the launchers. find_java PROGRAM prints the home of a Java of at least version
# $KILN_JAVA that has bin/PROGRAM, or fails: JAVA_HOME first, then PATH, then the usual places.

KILN_JAVA=25

# Prints the major version of the Java in folder $1, from its release file: a JVM takes longer.
java_major() {
    [ -r "$1/release" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

java_fits() {
    [ -x "$1/bin/$2" ] || return 1
    major=$(java_major "$1")
    [ -n "$major" ] && [ "$major" -ge "$KILN_JAVA" ]
}

# Prints the file that $1 points to through any number of symbolic links.
resolve_links() {
    file=$1
    while [ -L "$file" ]; do
        target=$(readlink "$file")
        case $target in
            /*) file=$target ;;
            *) file=$(dirname "$file")/$target ;;
        esac
    done
    echo "$(CDPATH= cd "$(dirname "$file")" && pwd -P)/$(basename "$file")"
}

find_java() {
    user_home=${HOME:-/nonexistent} # cron and services set no HOME
    if [ -n "${JAVA_HOME:-}" ] && java_fits "$JAVA_HOME" "$1"; then
        echo "$JAVA_HOME"
        return 0
    fi
    on_path=$(command -v "$1" 2>/dev/null)
    if [ -n "$on_path" ]; then
        on_path=$(dirname "$(dirname "$(resolve_links "$on_path")")")
        if java_fits "$on_path" "$1"; then
            echo "$on_path"
            return 0
        fi
    fi
    for place in \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$user_home"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$user_home"/.sdkman/candidates/java/* "$user_home"/.jdks/* \
        "$user_home"/.local/share/mise/installs/java/* \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if java_fits "$place" "$1"; then
            echo "$place"
            return 0
        fi
    done
    return 1
}

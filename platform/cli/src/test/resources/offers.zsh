# zsh -f offers.zsh SITE_FUNCTIONS LINE: what zsh offers at the end of a line, a word a line.
# Completion works in a terminal only, so another zsh has one.
zmodload zsh/zpty
offers=$(mktemp)
zpty terminal zsh -f -i
zpty -w terminal "PS1= PS2=; fpath=(${(q)1} \$fpath); autoload -U compinit; compinit -u"
zpty -w terminal "compadd() {
    local -a matches
    builtin compadd -O matches \"\$@\"
    print -rl -- \$matches >> ${(q)offers}
    builtin compadd \"\$@\"
}
offer() { zle list-choices; print O''FFERED }
zle -N offer
bindkey '^X' offer
print RE''ADY"
zpty -r -m terminal output '*READY*'
zpty -w -n terminal "$2"$'\x18'
zpty -r -m terminal output '*OFFERED*'
zpty -d terminal
sort -u $offers
rm $offers

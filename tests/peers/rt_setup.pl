#!/usr/bin/perl
# Gives a fresh Request Tracker what docs/connectors.md tells an operator to give it: a queue, and a user for us with these
# rights and no others. Prints the user's auth token.
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib', '/usr/local/share/request-tracker5/lib';
use RT -init;

my ($name, $password, $queue_name) = @ARGV;

sub must {
    my ($done, $message) = @_;
    die "$message\n" unless $done;
    return $done;
}

my $queue = RT::Queue->new(RT->SystemUser);
must($queue->Create(Name => $queue_name));

my $user = RT::User->new(RT->SystemUser);
must($user->Create(Name => $name, Password => $password, Privileged => 1));

for my $right (
    qw(SeeQueue ShowTicket ShowTicketComments CreateTicket CommentOnTicket ModifyTicket DeleteTicket AdminUsers ShowConfigTab)
) {
    must($user->PrincipalObj->GrantRight(Right => $right, Object => $RT::System));
}

my $token = RT::AuthToken->new(RT->SystemUser);
my ($id, $message, $secret) = $token->Create(Owner => $user->Id, Description => 'Rightline');
must($id, $message);
print "$secret\n";
